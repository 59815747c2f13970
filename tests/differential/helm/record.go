package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

// record prints each template that a line of standard input holds as a case of
// crates/helm/tests/functions: with what Helm makes of it.
func record() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		text, _, _ := strings.Cut(lines.Text(), " --> ")
		if strings.TrimSpace(text) == "" {
			fmt.Println()
			continue
		}
		c := Case{Now: 1_700_000_000, Files: map[string]string{
			"Chart.yaml":       chartYaml,
			"templates/a.yaml": boxed,
			"templates/_t.tpl": latin(text),
		}}
		fmt.Printf("%s --> %s\n", text, expected(real(c)))
	}
}

// expected is what a case says of a result.
func expected(res Result) string {
	if res.Err != nil {
		words := bytesOf(*res.Err)
		if at := strings.LastIndex(words, ">: "); at >= 0 {
			words = words[at+3:]
		}
		if rest, ok := strings.CutPrefix(words, "error calling "); ok {
			_, words, _ = strings.Cut(rest, ": ")
		}
		return "error: " + words
	}
	text := strings.TrimPrefix(unboxed(res), "BOX ")
	var plain string
	if _, err := fmt.Sscanf(text, "%q", &plain); err != nil {
		return text
	}
	if strings.ContainsAny(plain, "\n\t\r") || strings.TrimSpace(plain) != plain || strings.HasPrefix(plain, `"`) {
		return text
	}
	return plain
}
