package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"text/template"
	_ "unsafe" // for go:linkname

	_ "helm.sh/helm/v4/pkg/engine"
)

// Helm's own table, which it does not export.
//
//go:linkname funcMap helm.sh/helm/v4/pkg/engine.funcMap
func funcMap() template.FuncMap

// builtins are the functions of text/template, which it does not list anywhere.
var builtins = []string{
	"and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or",
	"print", "printf", "println", "slice", "urlquery",
}

// compareNames fails if one side knows a function that the other does not.
func compareNames(d *driver) {
	theirs := append([]string{}, builtins...)
	for name := range funcMap() {
		theirs = append(theirs, name)
	}
	slices.Sort(theirs)
	theirs = slices.Compact(theirs)
	_, err := d.in.Write([]byte("\"names\"\n"))
	must(err)
	line, err := d.out.ReadBytes('\n')
	must(err)
	var ours []string
	must(json.Unmarshal(line, &ours))
	missing := 0
	for _, name := range theirs {
		if !slices.Contains(ours, name) {
			fmt.Println("only Helm has", name)
			missing++
		}
	}
	for _, name := range ours {
		if !slices.Contains(theirs, name) {
			fmt.Println("only ours has", name)
			missing++
		}
	}
	fmt.Printf("%d functions in Helm, %d in ours, %d differ\n", len(theirs), len(ours), missing)
	if missing > 0 {
		os.Exit(1)
	}
}
