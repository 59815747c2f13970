package main

import (
	"encoding/json"
	"regexp"
	"sort"
	"strings"
)

// schemas are charts with a values.schema.json, valid or not, and values that fit it or do not.
func (g *gen) schemas(c *Case) {
	defs := "definitions"
	draft := g.pick("", "https://json-schema.org/draft/2020-12/schema", "http://json-schema.org/draft-07/schema#", "http://json-schema.org/draft-07/schema#", "http://json-schema.org/draft-06/schema#", "http://json-schema.org/draft-04/schema#", "https://json-schema.org/draft/2019-09/schema")
	if draft == "" || strings.Contains(draft, "20") {
		defs = "$defs"
	}
	root := g.schemaOf(3, defs)
	if object, ok := root.(map[string]any); ok {
		if draft != "" {
			object["$schema"] = draft
		}
		parts := map[string]any{"x": g.schemaOf(0, defs), "y": g.schemaOf(1, defs)}
		if g.one(3) {
			parts["z"] = g.schemaOf(2, defs)
			object["x-parts"] = map[string]any{"p": g.schemaOf(1, defs), "q ~/": g.schemaOf(0, defs)}
		}
		if g.one(8) {
			// What nothing refers to is not compiled.
			parts["unused"] = g.broken(map[string]any{})
		}
		object[defs] = parts
		if g.one(3) {
			g.identify(object, defs, draft)
		}
	}
	if g.one(6) {
		root = g.broken(root)
	}
	text, err := json.Marshal(root)
	must(err)
	c.Files["values.schema.json"] = latin(string(text))
	values := map[string]any{}
	for _, key := range []string{"a", "b", "c", "d"} {
		if !g.one(3) {
			values[key] = g.value(2)
		}
	}
	text, err = json.Marshal(values)
	must(err)
	c.Files["values.yaml"] = latin(string(text))
}

// schemaOf is a schema of a few keywords.
func (g *gen) schemaOf(d int, defs string) any {
	if g.one(25) {
		return g.one(2)
	}
	s := map[string]any{}
	sub := func() any { return g.schemaOf(d-1, defs) }
	for range 1 + g.r.Intn(3) {
		if d > 0 && g.one(2) {
			switch g.r.Intn(18) {
			case 11:
				s["contains"] = sub()
				if g.one(2) {
					s[g.pick("minContains", "maxContains")] = g.r.Intn(3)
				}
			case 12:
				s["propertyNames"] = sub()
			case 13:
				s["not"] = sub()
			case 14:
				s["items"] = []any{sub(), sub()}
				if g.one(2) {
					s["additionalItems"] = []any{false, sub()}[g.r.Intn(2)]
				}
			case 15:
				s["prefixItems"] = []any{sub(), sub()}
				if g.one(2) {
					s["items"] = []any{false, sub()}[g.r.Intn(2)]
				}
			case 16:
				key := g.pick("dependentSchemas", "dependentRequired", "dependencies")
				names := []any{g.pick("a", "z"), "q"}
				s[key] = map[string]any{g.pick("a", "b"): sub(), g.pick("c", "d"): names}
				if key == "dependentRequired" {
					s[key] = map[string]any{g.pick("a", "b"): names}
				} else if key == "dependentSchemas" {
					s[key] = map[string]any{g.pick("a", "b"): sub()}
				}
			case 17:
				s[g.pick("unevaluatedProperties", "unevaluatedItems")] = []any{false, sub()}[g.r.Intn(2)]
			case 0, 1, 2, 3:
				properties := map[string]any{}
				for range 1 + g.r.Intn(3) {
					properties[g.pick("a", "b", "c", "d")] = sub()
				}
				s["properties"] = properties
			case 4:
				s["allOf"] = []any{sub(), sub()}
			case 5:
				s["anyOf"] = []any{sub(), sub()}
			case 6:
				s["oneOf"] = []any{sub(), sub()}
			case 7:
				s["items"] = sub()
			case 8:
				s["additionalProperties"] = sub()
			case 9:
				s["if"], s["then"], s["else"] = sub(), sub(), sub()
			case 10:
				s["patternProperties"] = map[string]any{g.pick("^a", "b$", "[cd]", "."): sub()}
			}
			continue
		}
		switch g.r.Intn(24) {
		case 19:
			s["multipleOf"] = []any{2, 0.1, 0.5, 3, 1e-3}[g.r.Intn(5)]
		case 20:
			s["minimum"] = g.r.Intn(3)
			s["exclusiveMinimum"] = []any{true, 1, 2.5, -1}[g.r.Intn(4)]
		case 21:
			s["maximum"], s["exclusiveMaximum"] = 1+g.r.Intn(1000), []any{true, 1, 2.5, 1000}[g.r.Intn(4)]
		case 22:
			s["maxProperties"], s["maxLength"], s["maxItems"] = g.r.Intn(3), g.r.Intn(3), g.r.Intn(3)
		case 23:
			if d >= 0 && g.one(2) {
				s["$ref"] = g.pick("#", "#/"+defs+"/y", "#/"+defs+"/z", "#/x-parts/p", "#/x-parts/q%20~0~1", "#/"+defs+"/x", "http://json-schema.org/draft-07/schema#", "part.json", "part.json#/"+defs+"/w", "#here", "part.json#here", "#/properties/a", "#/"+defs)
			}
		case 0, 1, 2:
			s["type"] = g.pick("string", "integer", "number", "object", "array", "boolean", "null")
		case 3:
			s["type"] = []any{"string", "null"}
		case 4, 5:
			s["required"] = []any{g.pick("a", "b", "z"), g.pick("c", "d", "q")}
		case 6:
			s["minimum"] = g.r.Intn(10)
		case 7:
			s["maximum"] = g.r.Intn(3)
		case 8:
			s["minLength"] = g.r.Intn(9)
		case 9:
			s["pattern"] = g.pick("^[a-z]+$", "^x", "[0-9]{3}", "\\d$")
		case 10:
			// Of equal items the drafts before 2019 differ from copy to copy.
			s["enum"] = []any{[]any{nil, 1, "a", 2.5}[g.r.Intn(4)], []any{true, "x1", 0, -3}[g.r.Intn(4)]}
		case 11:
			s["minItems"] = 1 + g.r.Intn(3)
		case 12:
			s["minProperties"] = 1 + g.r.Intn(5)
		case 13:
			s["additionalProperties"] = false
		case 14:
			s["$ref"] = "#/" + defs + "/" + g.pick("x", "x", "x", "y", "nope")
			if d <= 1 {
				s["$ref"] = "#/" + defs + "/x"
			}
			if d == 0 {
				delete(s, "$ref")
			}
			if d > 0 && g.one(2) {
				// What a reference leaves out depends on the draft.
				key := g.pick("const", "const", "contains", "propertyNames", "if", "dependencies")
				switch s[key] = sub(); key {
				case "const":
					s[key] = g.scalarValue()
				case "dependencies":
					s[key] = map[string]any{"a": sub()}
				}
			}
		case 15:
			s["not"] = map[string]any{"type": g.pick("string", "integer", "object")}
		case 16:
			s["uniqueItems"] = true
		case 17:
			s["format"] = g.pick("ipv4", "date", "email", "uuid", "hostname")
		case 18:
			s["const"] = g.scalarValue()
		}
	}
	return s
}

// identify gives parts of a schema identities and names, and refers to them.
func (g *gen) identify(root map[string]any, defs, draft string) {
	id := "$id"
	if strings.Contains(draft, "draft-04") {
		id = "id"
	}
	switch g.r.Intn(6) {
	case 0:
		root[id] = g.pick("urn:root", "file:///a/root.json", "root.json", "#here", "#/x")
	case 1:
		root["$recursiveAnchor"] = true
	case 2:
		root["$dynamicAnchor"] = "here"
	}
	parts := root[defs].(map[string]any)
	part := map[string]any{"w": g.schemaOf(0, defs)}
	own := map[string]any{id: g.pick("part.json", "part.json", "part.json", "/a/part.json", "part.json#here", "#here"), defs: part}
	switch g.r.Intn(5) {
	case 0:
		own["$ref"] = g.pick("#/"+defs+"/w", "#", "values.schema.json#/"+defs+"/x")
	case 1:
		own["properties"] = map[string]any{"a": map[string]any{g.pick("$ref", "$dynamicRef", "$recursiveRef"): g.pick("#", "#here", "#/"+defs+"/w")}}
	case 2:
		own["$schema"] = g.pick("http://json-schema.org/draft-07/schema#", "http://json-schema.org/draft-04/schema#", "https://json-schema.org/draft/2019-09/schema")
		own["items"] = []any{map[string]any{"type": "string"}}
	case 3:
		own[g.pick("$anchor", "$dynamicAnchor")] = g.pick("here", "there")
		part["w"] = map[string]any{g.pick("$anchor", "$dynamicAnchor"): g.pick("here", "there"), "type": "integer"}
	}
	parts["part"] = own
	for _, key := range []string{"a", "b"} {
		if properties, ok := root["properties"].(map[string]any); ok && g.one(2) {
			ref := g.pick("part.json", "part.json#/"+defs+"/w", "#here", "part.json#here", "part.json#there", "#/"+defs+"/part", "#/"+defs+"/part/"+defs+"/w", "/a/part.json", "root.json")
			properties[key] = map[string]any{g.pick("$ref", "$ref", "$ref", "$dynamicRef"): ref, g.pick("minimum", "title"): 2}
		}
	}
}

// broken puts what does not belong there into a schema.
func (g *gen) broken(schema any) any {
	object, ok := schema.(map[string]any)
	if !ok {
		return g.value(1)
	}
	if properties, ok := object["properties"].(map[string]any); ok && g.one(2) {
		for _, key := range []string{"a", "b", "c", "d"} {
			if _, ok := properties[key]; ok {
				properties[key] = g.broken(properties[key])
				return object
			}
		}
	}
	key := g.pick("type", "type", "required", "properties", "minimum", "minLength", "pattern", "enum", "items", "allOf", "additionalProperties", "$ref", "title", "default", "uniqueItems", "patternProperties")
	switch key {
	case "pattern":
		object[key] = g.pick("[", "(?!a)", "a**", "(", "\\p{Foo}")
	case "patternProperties":
		object[key] = map[string]any{g.pick("[", "(?=a)"): true}
	case "$ref":
		object[key] = g.pick("#/nope", "#nope", "#/properties/zz", "other.json", "file:///nope.json")
	default:
		object[key] = g.value(1)
	}
	return object
}

func (g *gen) scalarValue() any {
	return []any{nil, true, false, 0, 1, 2.5, -3, 1000, "", "a", "x1", "abc", "1.2.3.4", "2020-01-01"}[g.r.Intn(14)]
}

func (g *gen) value(d int) any {
	switch {
	case d > 0 && g.one(3):
		object := map[string]any{}
		for range g.r.Intn(4) {
			object[g.pick("a", "b", "c", "d", "e")] = g.value(d - 1)
		}
		return object
	case d > 0 && g.one(4):
		list := []any{}
		for range g.r.Intn(4) {
			list = append(list, g.value(d-1))
		}
		return list
	}
	return g.scalarValue()
}

var additional = regexp.MustCompile(`additional properties (.*) not allowed`)

// sorted is the text about a schema with what is in each other in an order: the library walks
// over Go's maps.
func sorted(text string) string {
	if !strings.Contains(text, "the specifications of the schema(s)") {
		return text
	}
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		if found := additional.FindStringSubmatch(line); found != nil {
			names := strings.Split(found[1], ", ")
			sort.Strings(names)
			lines[i] = strings.Replace(line, found[1], strings.Join(names, ", "), 1)
		}
	}
	return strings.Join(sortedBlocks(lines, 0), "\n")
}

// sortedBlocks sorts lines that start a block of this depth, with what is below them.
func sortedBlocks(lines []string, depth int) []string {
	mark := strings.Repeat("  ", depth) + "- "
	var head []string
	var blocks [][]string
	for _, line := range lines {
		switch {
		case strings.HasPrefix(line, mark):
			blocks = append(blocks, []string{line})
		case len(blocks) > 0:
			blocks[len(blocks)-1] = append(blocks[len(blocks)-1], line)
		default:
			head = append(head, line)
		}
	}
	var texts []string
	for _, block := range blocks {
		texts = append(texts, strings.Join(append(block[:1:1], sortedBlocks(block[1:], depth+1)...), "\n"))
	}
	sort.Strings(texts)
	return append(head, texts...)
}
