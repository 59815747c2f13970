package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sort"
	"strings"
	"text/template"
	"time"

	"helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/cli/values"
	"helm.sh/helm/v4/pkg/release/v1"
)

// A Case is one input; all texts are Latin-1, a character for each byte.
type Case struct {
	// Files are those of the chart, by their paths.
	Files map[string]string `json:"files"`
	// Values is a file given with -f; none if empty.
	Values string `json:"values,omitempty"`
	Flags  []Flag `json:"flags,omitempty"`
	// Now is the clock, in seconds.
	Now int64 `json:"now"`
}

// A Flag is one of the flags that set values.
type Flag struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// A Result is what either side says to a case.
type Result struct {
	Out *string `json:"out,omitempty"`
	Err *string `json:"err,omitempty"`
}

// now is the clock of both sides; what is no date is, to some functions of sprig, the real
// clock all the same.
var now = time.Unix(1_700_000_000, 0).UTC()

// setFiles are what --set-file finds.
var setFiles = map[string]string{"f1": "plain", "f2": "two\nlines\n", "f3": ""}

func latin(b string) string {
	r := make([]rune, len(b))
	for i := 0; i < len(b); i++ {
		r[i] = rune(b[i])
	}
	return string(r)
}

func bytesOf(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		b = append(b, byte(r))
	}
	return string(b)
}

func failed(err error) Result {
	text := latin(err.Error())
	return Result{Err: &text}
}

// real asks Helm itself, as `helm template r .` does.
func real(c Case) (res Result) {
	defer func() {
		if r := recover(); r != nil {
			res = failed(fmt.Errorf("PANIC %v", r))
		}
	}()
	now = time.Unix(c.Now, 0).UTC()
	opts := values.Options{}
	if c.Values != "" {
		if err := os.WriteFile("v.yaml", []byte(bytesOf(c.Values)), 0o600); err != nil {
			panic(err)
		}
		opts.ValueFiles = []string{"v.yaml"}
	}
	for _, flag := range c.Flags {
		text := bytesOf(flag.Text)
		switch flag.Kind {
		case "set":
			opts.Values = append(opts.Values, text)
		case "string":
			opts.StringValues = append(opts.StringValues, text)
		case "file":
			opts.FileValues = append(opts.FileValues, text)
		case "json":
			opts.JSONValues = append(opts.JSONValues, text)
		case "literal":
			opts.LiteralValues = append(opts.LiteralValues, text)
		}
	}
	chrt, err := load(c)
	if err != nil {
		return failed(err)
	}
	vals, err := opts.MergeValues(nil)
	if err != nil {
		return failed(err)
	}
	cfg := action.NewConfiguration(action.ConfigurationSetLogger(slog.NewTextHandler(io.Discard, nil)))
	cfg.CustomTemplateFuncs = template.FuncMap{"now": func() time.Time { return now }}
	install := action.NewInstall(cfg)
	install.DryRunStrategy = action.DryRunClient
	install.ReleaseName = "r"
	install.Namespace = "default"
	install.Replace = true
	rel, err := install.Run(chrt, vals)
	if err != nil {
		return failed(err)
	}
	text := latin(printed(rel.(*v1.Release)))
	return Result{Out: &text}
}

// load does what the loaders of folders and archives do with each file.
func load(c Case) (*chart.Chart, error) {
	names := make([]string, 0, len(c.Files))
	for name := range c.Files {
		names = append(names, name)
	}
	sort.Strings(names)
	var files []*archive.BufferedFile
	for _, name := range names {
		files = append(files, &archive.BufferedFile{Name: name, Data: bytes.TrimPrefix([]byte(bytesOf(c.Files[name])), []byte("\ufeff"))})
	}
	return loader.LoadFiles(files)
}

func printed(rel *v1.Release) string {
	var out bytes.Buffer
	fmt.Fprintln(&out, strings.TrimSpace(rel.Manifest))
	for _, hook := range rel.Hooks {
		fmt.Fprintf(&out, "---\n# Source: %s\n%s\n", hook.Path, hook.Manifest)
	}
	return out.String()
}
