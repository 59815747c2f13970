// Command dump writes v1.21.2.txt: what Kustomize's merges need of the OpenAPI document
// that kyaml carries. Run it in a module that requires kyaml at the version below:
//
//	go run dump.go > v1.21.2.txt
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"

	"k8s.io/kube-openapi/pkg/validation/spec"
	"sigs.k8s.io/kustomize/kyaml/openapi"
)

const header = `# Kubernetes v1.21.2 as Kustomize sees it: definitions, merge keys, kinds, scopes.
# Source: kyaml v0.21.1, openapi/kubernetesapi/v1_21_2/swagger.pb, openapi/kustomizationapi/swagger.json
# (Apache-2.0, the Kubernetes authors), and the table precomputedIsNamespaceScoped of openapi/openapi.go.
# Written by dump.go beside this file; facts only, descriptions left out.
#
# scope lines: "S <apiVersion>/<Kind> N|C", N for namespaced, C for cluster.
# definition lines, numbered from 0: "D <name> <apiVersion>/<Kind>,...|- <field>:<type> ..."
# types: s string, i integer, n number, b boolean, o object, ? anything, @3 definition 3,
# [T list of T, {T map to T; then "!strategy" and "!key+key" where they are given.
# "*:T" is the type of fields that have no name of their own; "=T" is a definition without fields.
`

var number = map[string]int{}

func main() {
	defs := openapi.Schema().Definitions
	names := make([]string, 0, len(defs))
	for name := range defs {
		names = append(names, name)
	}
	sort.Strings(names)
	for i, name := range names {
		number["#/definitions/"+name] = i
	}
	fmt.Print(header)
	scopes()
	for _, name := range names {
		d := defs[name]
		fmt.Printf("D %s %s%s\n", name, kinds(d), fields(d))
	}
}

func scopes() {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/kustomize/kyaml").Output()
	if err != nil {
		panic(err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "openapi", "openapi.go"))
	if err != nil {
		panic(err)
	}
	row := regexp.MustCompile(`\{APIVersion: "([^"]+)", Kind: "([^"]+)"\}:\s*(true|false)`)
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		fmt.Printf("S %s/%s %s\n", m[1], m[2], map[string]string{"true": "N", "false": "C"}[m[3]])
	}
}

func kinds(d spec.Schema) string {
	list, _ := d.Extensions["x-kubernetes-group-version-kind"].([]interface{})
	var out []string
	for _, e := range list {
		m := e.(map[string]interface{})
		v := m["version"].(string)
		if g, _ := m["group"].(string); g != "" {
			v = g + "/" + v
		}
		out = append(out, v+"/"+m["kind"].(string))
	}
	if len(out) == 0 {
		return "-"
	}
	return strings.Join(out, ",")
}

func fields(d spec.Schema) string {
	if len(d.Properties) == 0 && d.AdditionalProperties == nil {
		return " =" + typ(d)
	}
	names := make([]string, 0, len(d.Properties))
	for name := range d.Properties {
		names = append(names, name)
	}
	sort.Strings(names)
	out := ""
	for _, name := range names {
		if len(d.Properties[name].Properties) > 0 {
			panic("nested properties in " + name)
		}
		out += " " + name + ":" + typ(d.Properties[name])
	}
	if d.AdditionalProperties != nil && d.AdditionalProperties.Schema != nil {
		out += " *:" + typ(*d.AdditionalProperties.Schema)
	}
	return out
}

func typ(s spec.Schema) string {
	if ref := s.Ref.String(); ref != "" {
		return fmt.Sprintf("@%d", number[ref])
	}
	t := "?"
	if len(s.Type) == 1 {
		t = map[string]string{"string": "s", "integer": "i", "number": "n", "boolean": "b", "object": "o"}[s.Type[0]]
		if s.Type[0] == "array" {
			t = "[?"
			if s.Items != nil && s.Items.Schema != nil {
				t = "[" + typ(*s.Items.Schema)
			}
		}
	}
	if t == "o" && s.AdditionalProperties != nil && s.AdditionalProperties.Schema != nil {
		t = "{" + typ(*s.AdditionalProperties.Schema)
	}
	strategy, hasStrategy := s.Extensions["x-kubernetes-patch-strategy"].(string)
	if !hasStrategy {
		return t
	}
	t += "!" + strategy
	if list, ok := s.Extensions["x-kubernetes-list-map-keys"].([]interface{}); ok {
		var keys []string
		for _, k := range list {
			keys = append(keys, k.(string))
		}
		return t + "!" + strings.Join(keys, "+")
	}
	if key, ok := s.Extensions["x-kubernetes-patch-merge-key"].(string); ok {
		t += "!" + key
	}
	return t
}
