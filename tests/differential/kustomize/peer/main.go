// Command peer answers trees on standard input, one JSON object a line, with what the real
// Kustomize makes of them: its output or its error, and what it prints beside them.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"sigs.k8s.io/kustomize/api/krusty"
	// The managed-by label tells the version of this module.
	_ "sigs.k8s.io/kustomize/kustomize/v5/commands/build"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/kustomize/kyaml/openapi"
)

type request struct {
	Files    map[string]string `json:"files"`
	Dir      string            `json:"dir"`
	Reorder  string            `json:"reorder"`
	Anywhere bool              `json:"anywhere"`
}

type answer struct {
	Out    string `json:"out"`
	Err    string `json:"err"`
	Stderr string `json:"stderr"`
}

func build(r request) (out string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	files := filesys.MakeFsInMemory()
	for name, text := range r.Files {
		if err := files.WriteFile("/"+name, []byte(text)); err != nil {
			return "", err
		}
	}
	options := krusty.MakeDefaultOptions()
	options.Reorder = krusty.ReorderOptionUnspecified
	switch r.Reorder {
	case "none":
		options.Reorder = krusty.ReorderOptionNone
	case "legacy":
		options.Reorder = krusty.ReorderOptionLegacy
	}
	objects, err := krusty.MakeKustomizer(options).Run(files, "/"+r.Dir)
	if err != nil {
		return "", err
	}
	text, err := objects.AsYaml()
	return string(text), err
}

// touchesSchema tells whether the schema, a global of the process, may have been changed.
func touchesSchema(r request) bool {
	for _, text := range r.Files {
		if strings.Contains(text, "openapi") {
			return true
		}
	}
	return false
}

func main() {
	side, err := os.CreateTemp("", "peer-stderr")
	if err != nil {
		log.Fatal(err)
	}
	_ = os.Remove(side.Name())
	os.Stderr = side
	log.SetOutput(side)
	log.SetFlags(0)
	input := bufio.NewReaderSize(os.Stdin, 1<<20)
	output := json.NewEncoder(os.Stdout)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		var r request
		if err := json.Unmarshal(line, &r); err != nil {
			log.Fatal(err)
		}
		custom := touchesSchema(r)
		if custom {
			openapi.ResetOpenAPI()
		}
		var a answer
		a.Out, err = build(r)
		if err != nil {
			a.Out, a.Err = "", err.Error()
		}
		if custom {
			openapi.ResetOpenAPI()
		}
		_, _ = side.Seek(0, io.SeekStart)
		said, _ := io.ReadAll(side)
		a.Stderr = string(said)
		_ = side.Truncate(0)
		_, _ = side.Seek(0, io.SeekStart)
		if err := output.Encode(a); err != nil {
			return
		}
	}
}
