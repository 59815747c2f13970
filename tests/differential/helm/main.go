// Differential compares this repository's Helm with the real one, in one process each.
//
//	go run . [-seed N] [-n N] [-mode all|expr|func|nodes|noise|printf|values|set|objects|documents|combos|charts|deps|schemas|crypto] [-show N] [-at FILE] -driver PATH
//	go run . -write FOLDER [-seed N] [-mode …]
//	go run . -names -driver PATH
//	go run . -record <TEMPLATES
//
// See README.md.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"
)

type driver struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func start(path string) *driver {
	cmd := exec.Command(path)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	must(err)
	out, err := cmd.StdoutPipe()
	must(err)
	must(cmd.Start())
	return &driver{cmd, in, bufio.NewReaderSize(out, 1<<20)}
}

func (d *driver) ask(c Case) (Result, error) {
	line, err := json.Marshal(c)
	must(err)
	if _, err := d.in.Write(append(line, '\n')); err != nil {
		return Result{}, err
	}
	line, err = d.out.ReadBytes('\n')
	if err != nil {
		return Result{}, err
	}
	var res Result
	return res, json.Unmarshal(line, &res)
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func same(a, b Result) bool {
	if (a.Err == nil) != (b.Err == nil) {
		return false
	}
	if a.Err != nil {
		x, y := *a.Err, *b.Err
		if x == y {
			return true
		}
		// Errors are text for people: ours are UTF-8 whatever the template holds.
		clean := func(s string) string {
			return strings.ReplaceAll(strings.ToValidUTF8(bytesOf(s), "\ufffd"), "\ufffd", "")
		}
		x, y = clean(x), clean(y)
		return x == y || sorted(x) == sorted(y)
	}
	if *a.Out == *b.Out {
		return true
	}
	x, y := unboxed(a), unboxed(b)
	return address.MatchString(x) && masked(x) == masked(y)
}

// address matches where a value lies in memory, which no two runs of Helm agree on.
var address = regexp.MustCompile(`0[xX][0-9a-fA-F]{6,12}`)

// masked leaves addresses out, and blanks, since their length moves line breaks.
func masked(text string) string {
	return strings.Join(strings.Fields(address.ReplaceAllString(text, "@")), "")
}

func str(r Result) string {
	if r.Err != nil {
		return fmt.Sprintf("ERR %q", bytesOf(*r.Err))
	}
	return fmt.Sprintf("OUT %q", bytesOf(*r.Out))
}

func main() {
	seed := flag.Int64("seed", 1, "first seed")
	count := flag.Int("n", 1000, "how many cases")
	mode := flag.String("mode", "all", "which inputs")
	show := flag.Int("show", 10, "how many differences to print")
	path := flag.String("driver", "", "the driver's executable")
	names := flag.Bool("names", false, "compare the names of all functions")
	recording := flag.Bool("record", false, "print cases for the templates on standard input")
	at := flag.String("at", "", "a file that holds the seed at hand, for when Helm itself dies")
	write := flag.String("write", "", "write the case of the first seed as a chart into this folder")
	only := flag.String("func", "", "mode func: these functions alone, comma-separated")
	flag.Parse()
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	log.SetFlags(0)
	os.Setenv("TZ", "UTC")
	time.Local = time.UTC
	if *recording {
		record()
		return
	}
	if *write != "" {
		g := newGen(rand.New(rand.NewSource(*seed)), *only)
		g.next(*mode).write(*write)
		return
	}
	if *at != "" {
		file, err := filepath.Abs(*at)
		must(err)
		*at = file
	}
	full, err := filepath.Abs(*path)
	must(err)
	d := start(full)
	dir, err := os.MkdirTemp("", "differential")
	must(err)
	defer os.RemoveAll(dir)
	must(os.Chdir(dir))
	for name, text := range setFiles {
		must(os.WriteFile(name, []byte(text), 0o600))
	}
	if *names {
		compareNames(d)
		return
	}
	run(d, full, *seed, *count, *mode, *show, *only, *at)
}

func run(d *driver, path string, seed int64, count int, mode string, show int, only, at string) {
	began := time.Now()
	var differ, errors, random int
	var inGo, inRust time.Duration
	for i := 0; i < count; i++ {
		g := newGen(rand.New(rand.NewSource(seed+int64(i))), only)
		c := g.next(mode)
		c.Now = 1_700_000_000
		if at != "" {
			must(os.WriteFile(at, fmt.Append(nil, seed+int64(i)), 0o600))
		}
		started := time.Now()
		watchdog := time.AfterFunc(120*time.Second, func() {
			fmt.Printf("HANGS seed %d\n%s\n", seed+int64(i), c)
			os.Exit(3)
		})
		want := real(c)
		between := time.Now()
		got, err := d.ask(c)
		watchdog.Stop()
		inGo += between.Sub(started)
		inRust += time.Since(between)
		if err != nil {
			fmt.Printf("DIED seed %d\n%s\n", seed+int64(i), c)
			d = start(path)
			differ++
			continue
		}
		if between.Sub(started) > 2*time.Second || time.Since(between) > 4*time.Second {
			fmt.Printf("SLOW seed %d go %v ours %v\n%s\n", seed+int64(i), between.Sub(started), time.Since(between), c)
		}
		if want.Err != nil {
			errors++
		}
		if !same(want, got) {
			c.Now = time.Now().Unix()
			again := real(c)
			if got, err = d.ask(c); err == nil && same(again, got) {
				continue
			}
			if !steady(c, again) {
				random++
				continue
			}
			want = again
			differ++
			if differ <= show {
				helm, ours := apart(unboxed(want), unboxed(got))
				fmt.Printf("DIFFER seed %d\n%s  helm %s\n  ours %s\n", seed+int64(i), c, helm, ours)
			}
		}
	}
	fmt.Printf("%s seeds %d..%d: %d inputs, %d of them errors in Helm, %d random in Helm, %d differ; %.0f s (Helm %.0f s, ours %.0f s)\n",
		mode, seed, seed+int64(count)-1, count, errors, random, differ, time.Since(began).Seconds(), inGo.Seconds(), inRust.Seconds())
	if differ > 0 {
		os.Exit(1)
	}
}

// steady says whether Helm has one answer to a case: what walks over a map of Go's has many.
func steady(c Case, first Result) bool {
	for range 8 {
		if !same(first, real(c)) {
			return false
		}
	}
	return true
}

// apart leaves out most of what two long texts have in common in front.
func apart(a, b string) (string, string) {
	same := 0
	for same < len(a) && same < len(b) && a[same] == b[same] {
		same++
	}
	cut := func(s string) string {
		from, to := max(same-100, 0), min(same+300, len(s))
		s = s[from:to]
		if from > 0 {
			s = "…" + s
		}
		return s
	}
	return cut(a), cut(b)
}

// write makes a chart of a case, for the real commands.
func (c Case) write(folder string) {
	for name, text := range c.Files {
		path := filepath.Join(folder, name)
		must(os.MkdirAll(filepath.Dir(path), 0o755))
		must(os.WriteFile(path, []byte(bytesOf(text)), 0o600))
	}
	args := "helm template r " + folder
	if c.Values != "" {
		must(os.WriteFile(filepath.Join(folder, "given.yaml"), []byte(bytesOf(c.Values)), 0o600))
		args += " -f " + filepath.Join(folder, "given.yaml")
	}
	for _, flag := range c.Flags {
		kind := map[string]string{"string": "set-string", "set": "set", "json": "set-json", "file": "set-file", "literal": "set-literal"}[flag.Kind]
		args += fmt.Sprintf(" --%s '%s'", kind, bytesOf(flag.Text))
	}
	fmt.Println(args)
}

// known are texts that many cases have.
var known = []string{skeleton, boxed, probe, probed, helpers, chartValues, fileTemplate, common}

// String shows a case without what all cases have.
func (c Case) String() string {
	var b strings.Builder
	var names []string
	for name := range c.Files {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		text := bytesOf(c.Files[name])
		if name == "Chart.yaml" || slices.Contains(known, text) || text == chartFiles[name] {
			continue
		}
		fmt.Fprintf(&b, "  %s: %q\n", name, text)
	}
	if c.Values != "" {
		fmt.Fprintf(&b, "  -f %q\n", bytesOf(c.Values))
	}
	for _, flag := range c.Flags {
		fmt.Fprintf(&b, "  --%s %q\n", flag.Kind, bytesOf(flag.Text))
	}
	return b.String()
}
