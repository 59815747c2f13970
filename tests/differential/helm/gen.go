package main

import (
	"encoding/base64"
	"fmt"
	"math/rand"
	"reflect"
	"regexp"
	"sort"
	"strings"
	"text/template"
	"time"
)

const chartYaml = "apiVersion: v2\nname: c\nversion: 1.2.3\nappVersion: \"4.5\"\nkeywords: [k]\n"

// boxed prints what _t.tpl prints so that it is YAML whatever it is.
const boxed = `x: {{ include "c/templates/_t.tpl" . | b64enc }}` + "\n"

// skeleton holds a value of each shape, under names that the generator knows.
const skeleton = `s: hello
e: ""
sp: " two  words "
num: "42"
uni: "héllo, 世界 \t\"'<>&"
ml: |
  first
    second

  last
b64: aGVsbG8=
bin: /wD+gA==
ver: v1.2.3-beta.1+b
n: 42
z: 0
neg: -7
big: 9007199254740993
huge: 1e21
f: 1.5
tiny: 1e-7
t: true
fl: false
nil: null
date: 2024-02-29
l: [1, two, null, 3.5, [1, 2], {k: v}]
ls: [b, a, c, a]
ln: [3, 1, 2]
el: []
lm: [{name: x, v: 1}, {name: y, v: 2}]
m: {a: 1, b: x, c: null, d: {e: deep}}
m2: {a: 2, d: {f: more}, z: []}
em: {}
a: {b: {c: {d: 7}}}
`

var box = regexp.MustCompile(`x: ([A-Za-z0-9+/=]*)\n`)

// unboxed shows what was printed in its box.
func unboxed(r Result) string {
	if r.Out != nil {
		if found := box.FindStringSubmatch(*r.Out); found != nil {
			if text, err := base64.StdEncoding.DecodeString(found[1]); err == nil {
				return fmt.Sprintf("BOX %q", text)
			}
		}
	}
	return str(r)
}

type kind int

const (
	anyKind kind = iota
	strKind
	intKind
	floatKind
	boolKind
	listKind
	dictKind
	timeKind
	freshKind // a dictionary that nothing else holds
)

type function struct {
	name     string
	in       []reflect.Type
	variadic bool
	out      kind
}

type gen struct {
	r       *rand.Rand
	vars    []variable
	loops   int
	defined int
	only    []function
}

type variable struct {
	name string
	of   kind
}

var (
	functions []function
	byKind    = map[kind][]function{}
	byName    = map[string]function{}
)

// skipped are random by nature, or end the real process.
var skipped = map[string]bool{
	"genPrivateKey": true, "genCA": true, "genCAWithKey": true, "genSelfSignedCert": true, "genSelfSignedCertWithKey": true,
	"genSignedCert": true, "genSignedCertWithKey": true, "buildCustomCert": true, "encryptAES": true, "bcrypt": true,
	"htpasswd": true, "randAlpha": true, "randAlphaNum": true, "randAscii": true, "randNumeric": true, "randBytes": true, "randInt": true,
	"uuidv4": true, "shuffle": true, "ago": true, "derivePassword": true, "include": true, "tpl": true, "fail": true,
}

func init() {
	all := funcMap()
	for _, name := range builtins {
		all[name] = builtin(name)
	}
	all["now"] = func() time.Time { return now }
	for name, f := range all {
		if skipped[name] {
			continue
		}
		of := reflect.TypeOf(f)
		made := function{name: name, variadic: of.IsVariadic(), out: resultKind(name, of)}
		for i := range of.NumIn() {
			made.in = append(made.in, of.In(i))
		}
		functions = append(functions, made)
	}
	sort.Slice(functions, func(i, j int) bool { return functions[i].name < functions[j].name })
	for _, f := range functions {
		byName[f.name] = f
		byKind[f.out] = append(byKind[f.out], f)
	}
}

func builtin(name string) any {
	switch name {
	case "and", "or":
		return func(any, ...any) any { return nil }
	case "call", "index":
		return func(any, ...any) any { return nil }
	case "slice":
		return func(any, ...int) any { return nil }
	case "eq":
		return func(any, ...any) bool { return false }
	case "ne", "lt", "le", "gt", "ge":
		return func(any, any) bool { return false }
	case "not":
		return func(any) bool { return false }
	case "len":
		return func(any) int { return 0 }
	case "printf":
		return func(string, ...any) string { return "" }
	}
	return func(...any) string { return "" }
}

var listFunctions = regexp.MustCompile(`^(must)?(first|rest|last|initial|reverse|uniq|without|slice|compact|append|push|prepend|concat|chunk|[Ff]irst|Rest|Last|Initial|Reverse|Uniq|Without|Slice|Compact|Append|Push|Prepend|Chunk|toStrings|sortAlpha|join|has|Has)$`)

func resultKind(name string, of reflect.Type) kind {
	switch name {
	case "toDate", "mustToDate", "now", "dateModify", "date_modify", "mustDateModify", "must_date_modify":
		return timeKind
	case "default", "coalesce", "ternary", "first", "last", "mustFirst", "mustLast", "get", "index", "and", "or", "dig", "fromJson",
		"mustFromJson", "required", "deepCopy", "mustDeepCopy", "semver", "call":
		return anyKind
	case "merge", "mustMerge", "mergeOverwrite", "mustMergeOverwrite", "pick", "omit", "dict", "set", "unset":
		return dictKind
	}
	switch of.Out(0).Kind() {
	case reflect.String:
		return strKind
	case reflect.Int, reflect.Int64:
		return intKind
	case reflect.Float64:
		return floatKind
	case reflect.Bool:
		return boolKind
	case reflect.Slice:
		return listKind
	case reflect.Map:
		return dictKind
	}
	if listFunctions.MatchString(name) {
		return listKind
	}
	return anyKind
}

func newGen(r *rand.Rand, only string) *gen {
	g := &gen{r: r}
	for _, name := range strings.Split(only, ",") {
		if f, ok := byName[name]; ok {
			g.only = append(g.only, f)
		}
	}
	return g
}

func (g *gen) pick(s ...string) string { return s[g.r.Intn(len(s))] }
func (g *gen) one(n int) bool          { return g.r.Intn(n) == 0 }

func (g *gen) next(mode string) Case {
	if mode == "all" {
		mode = g.pick("expr", "expr", "expr", "func", "func", "func", "nodes", "nodes", "nodes", "noise", "printf", "values", "set", "set", "objects", "objects", "documents", "combos", "combos", "combos", "charts", "charts", "charts", "deps", "deps", "schemas")
	}
	c := Case{Files: map[string]string{"Chart.yaml": chartYaml, "values.yaml": latin(skeleton)}}
	whole := map[string]func(*Case){
		"values": g.values, "set": g.set, "objects": g.objects, "documents": g.documents,
		"combos": g.combos, "charts": g.charts, "deps": g.deps, "schemas": g.schemas,
	}
	if fill, ok := whole[mode]; ok {
		fill(&c)
		return c
	}
	text := ""
	switch mode {
	case "expr":
		text = g.open() + g.expr(g.anyOf(), 3) + g.close()
	case "func":
		of := functions
		if g.only != nil {
			of = g.only
		}
		text = "{{" + g.shown(g.call(of[g.r.Intn(len(of))], 1)) + "}}"
	case "nodes":
		text = g.list(3)
	case "noise":
		text = g.noise()
	case "printf":
		text = g.printf()
	case "crypto":
		text = g.crypto()
	}
	if g.one(15) {
		text = g.mutate(text)
	}
	switch {
	case g.one(12):
		// Unboxed: what is printed must be YAML, and is read.
		c.Files["templates/a.yaml"] = latin(g.pick("a: ", "kind: X\nmetadata: {name: ", "- ", "") + text)
	default:
		c.Files["templates/a.yaml"] = boxed
		c.Files["templates/_t.tpl"] = latin(text)
	}
	return c
}

// shown makes all of a value visible, its types included, at times.
func (g *gen) shown(expr string) string {
	switch g.r.Intn(5) {
	case 0:
		return fmt.Sprintf("$v := %s}}{{$v}} {{typeOf $v}} {{toJson $v", expr)
	case 1:
		return fmt.Sprintf("printf \"%%#v %%T\" (%s) (%s)", expr, expr)
	case 2:
		return expr + " | toYaml"
	}
	return expr
}

func (g *gen) anyOf() kind {
	return []kind{strKind, strKind, intKind, floatKind, boolKind, listKind, dictKind, timeKind, anyKind}[g.r.Intn(9)]
}

// operand is something that can stand as an argument.
func (g *gen) operand(of kind, d int) string {
	if g.one(14) {
		of = g.anyOf()
	}
	if of == anyKind {
		of = []kind{strKind, strKind, intKind, floatKind, boolKind, listKind, dictKind, timeKind, anyKind}[g.r.Intn(9)]
	}
	if of == freshKind {
		return g.fresh(2)
	}
	if d > 0 && g.one(3) {
		return "(" + g.expr(of, d-1) + ")" + g.pick("", "", "", "", "", "", "", ".k", ".a")
	}
	if len(g.vars) > 0 && g.one(4) {
		v := g.vars[g.r.Intn(len(g.vars))]
		if v.of == of || g.one(6) {
			return v.name + g.pick("", "", "", "", ".k")
		}
	}
	v := "$.Values"
	switch of {
	case strKind:
		if g.one(3) {
			return v + "." + g.pick("s", "e", "sp", "num", "uni", "ml", "b64", "ver", "date", "m.b", "a.b.c.d", "bin")
		}
		return g.str()
	case intKind:
		if g.one(8) {
			return "(int64 " + g.int() + ")"
		}
		return g.int()
	case floatKind:
		if g.one(2) {
			return v + "." + g.pick("n", "z", "neg", "big", "huge", "f", "tiny")
		}
		return g.pick("1.5", "0.1", "-2.75", "1e21", "1e-7", "100.0", "3.14159", "0.5", "-0.0", "1e300", "123456789.125", "1e15", "0x1p-2")
	case boolKind:
		return g.pick("true", "false", v+".t", v+".fl", "$.Release.IsInstall")
	case listKind:
		switch g.r.Intn(5) {
		case 0:
			return "(list " + strings.Join(g.operands(anyKind, g.r.Intn(4), d-1), " ") + ")"
		case 1:
			return g.pick(`(list "a" "b" "c")`, `(list 1 2 3)`, `(splitList "," "x,y,,z")`, `(until 4)`, `(list)`, `(list nil 0 "" false)`, `(list (list 1) (dict "k" "v"))`, `(toStrings (list 1 2))`, `(list 1 1.0 "1")`)
		}
		return v + "." + g.pick("l", "ls", "ln", "el", "lm")
	case dictKind:
		if g.one(2) {
			return g.fresh(2)
		}
		return v + "." + g.pick("m", "m2", "em", "a", "a.b", "m.d", "nil")
	case timeKind:
		return g.pick("now", `(toDate "2006-01-02" "2024-02-29")`, `(toDate "2006-01-02 15:04:05 -0700" "1999-12-31 23:59:59 +0900")`, `(toDate time "x")`, `(dateModify "-36h" now)`)[0:]
	}
	return g.pick("nil", v, v+".nil", v+".missing", v+".missing.x", v+".s.x", "$.Chart.Name", "$.Chart", "$.Release.Name", "$.Template.Name", "$.Capabilities.KubeVersion.Version",
		v+".m", v+".l", "1", `"x"`, v+".t", "$.Capabilities.APIVersions", "$.Capabilities.KubeVersion", "$nope", "(1)", "'c'", "1i", "printf", "len")
}

func (g *gen) operands(of kind, n, d int) []string {
	var all []string
	for range n {
		all = append(all, g.operand(of, max(d, 0)))
	}
	return all
}

func (g *gen) fresh(d int) string {
	s := "(dict"
	for range g.r.Intn(4) {
		s += " " + g.pick(`"a"`, `"b"`, `"c"`, `"k"`, `"d"`, `"a.b"`, `"é"`, `"1"`, `"_x"`) + " "
		switch {
		case d > 0 && g.one(4):
			s += g.fresh(d - 1)
		case g.one(5):
			s += g.pick(`(list 1 "x")`, `(list)`, "nil", "(list nil)")
		default:
			s += g.scalar()
		}
	}
	return s + ")"
}

func (g *gen) scalar() string {
	return g.pick("1", "0", `"x"`, `""`, "true", "false", "1.5", "nil", `"a b"`, "-3", `"null"`, `"1"`, "1e21", `"line\nbreak"`)
}

func (g *gen) int() string {
	return g.pick("0", "1", "2", "3", "5", "8", "10", "16", "-1", "-2", "-10", "42", "100", "0x1f", "'a'", "017", "1_0", "40")
}

func (g *gen) str() string {
	if g.one(5) {
		return quoted(g.noiseString())
	}
	return g.pick(`"str"`, `""`, "`raw\\d`", `"a\tb\"q"`, `"%d"`, `"k"`, `"a"`, `"x"`, `"é\x00\xff"`, `"foo_bar-baz Qux"`, `"1"`, `"true"`, `"3.7"`, `"0x1f"`, `"2024-02-29"`, `"a.b.c"`, `"a,b,c"`, `"한글 텍스트"`, `"\xffA\xfe"`, `" pad "`, `"null"`, `"-5"`, `"1e3"`, `"UPPER lower"`, `"ǆ ß ŉ İ"`, `"a/b/../c"`, `"line1\nline2\n"`, `"v1.2.3"`, `"ends."`, `"$x ${1}"`)
}

var pieces = []string{"a", "B", "z", "0", "9", " ", "-", "_", ".", "/", ":", ",", "\n", "\t", "é", "世", "\xff", "\x80", "\x00", "\\", "\"", "'", "%", "{", "}", "[", "]", "#", "&", "*", "!", "|", ">", "=", "~", "`", "<", "$", "(", ")", "+", "^", "?", "@", "ß", "İ", "ſ", "ﬁ", "\u2028", "\u0085", "\ufeff", "😀", "foo", "Bar", "null", "true", "1.5", "\r"}

func (g *gen) noiseString() string {
	s := ""
	for range g.r.Intn(8) {
		s += pieces[g.r.Intn(len(pieces))]
	}
	return s
}

// quoted writes a Go string literal that the lexer of templates takes.
func quoted(s string) string { return fmt.Sprintf("%q", s) }

// expr is a pipeline whose value is, as a rule, of that kind.
func (g *gen) expr(of kind, d int) string {
	if d <= 0 || g.one(8) {
		return g.operand(of, 0)
	}
	if of == anyKind {
		of = g.anyOf()
	}
	if g.one(6) {
		return g.piped(of, d)
	}
	candidates := byKind[of]
	if of == timeKind && g.one(2) {
		return g.operand(of, 0)
	}
	if len(candidates) == 0 || g.one(12) {
		candidates = functions
	}
	return g.call(candidates[g.r.Intn(len(candidates))], d-1)
}

// piped gives a function its last argument by a pipe.
func (g *gen) piped(of kind, d int) string {
	for range 20 {
		candidates := byKind[of]
		if len(candidates) == 0 {
			break
		}
		f := candidates[g.r.Intn(len(candidates))]
		args := g.args(f, d-1)
		if len(args) == 0 || f.name == "keys" || f.name == "values" {
			continue
		}
		last := args[len(args)-1]
		return strings.TrimSuffix(last+" | "+f.name+" "+strings.Join(args[:len(args)-1], " "), " ")
	}
	return g.operand(of, 0)
}

func (g *gen) call(f function, d int) string {
	args := g.args(f, d)
	if g.one(40) && len(args) > 0 {
		args = args[1:]
	}
	if g.one(60) {
		args = append(args, g.operand(anyKind, 0))
	}
	s := strings.Join(append([]string{f.name}, args...), " ")
	switch f.name {
	case "keys":
		// Helm's order is that of a Go map.
		return "(" + s + " | sortAlpha)"
	case "values":
		return "(" + s + " | len)"
	}
	return s
}

func (g *gen) args(f function, d int) []string {
	if custom, ok := g.custom(f.name, d); ok {
		return custom
	}
	var args []string
	for i, in := range f.in {
		count := 1
		if f.variadic && i == len(f.in)-1 {
			in = in.Elem()
			count = g.r.Intn(4)
			if f.name == "round" {
				count = g.r.Intn(2)
			}
		}
		for range count {
			args = append(args, g.arg(f.name, i, in, d))
		}
	}
	return args
}

func (g *gen) arg(name string, i int, in reflect.Type, d int) string {
	if texts, ok := pools[name]; ok && i < len(texts) && texts[i] != nil && !g.one(10) {
		return quoted(texts[i][g.r.Intn(len(texts[i]))])
	}
	if mutates[name] {
		if i == 0 || in.Kind() == reflect.Map {
			return g.operand(freshKind, 0)
		}
		if name == "set" && i == 2 {
			return g.scalar()
		}
	}
	switch in.Kind() {
	case reflect.String:
		return g.operand(strKind, d)
	case reflect.Int, reflect.Int64, reflect.Uint32:
		return g.operand(intKind, d)
	case reflect.Float64:
		return g.operand(floatKind, d)
	case reflect.Bool:
		return g.operand(boolKind, d)
	case reflect.Slice:
		return g.operand(listKind, d)
	case reflect.Map:
		return g.operand(dictKind, d)
	case reflect.Struct, reflect.Ptr:
		return g.operand(timeKind, d)
	}
	return g.operand(hint(name, i), d)
}

// mutates are functions that change their argument: a map that held itself would end Go.
var mutates = map[string]bool{"set": true, "unset": true, "merge": true, "mustMerge": true, "mergeOverwrite": true, "mustMergeOverwrite": true}

var dateFunctions = regexp.MustCompile(`^(date|htmlDate|date_in_zone|dateInZone|htmlDateInZone|unixEpoch|durationRound|(must)?_?([dD]ate_?[mM]odify))$`)

// hint is the kind that a parameter of any type is meant for.
func hint(name string, i int) kind {
	switch {
	case listFunctions.MatchString(name):
		switch name {
		case "has", "mustHas", "join":
			if i == 1 {
				return listKind
			}
			return anyKind
		case "chunk", "mustChunk":
			return listKind
		}
		if i == 0 || name == "concat" {
			return listKind
		}
		if strings.HasSuffix(strings.ToLower(name), "slice") {
			return intKind
		}
		return anyKind
	case name == "durationRound" || name == "duration":
		return intKind
	case dateFunctions.MatchString(name):
		return timeKind
	case strings.HasSuffix(name, "f") && len(name) == 4 || name == "ceil" || name == "floor" || name == "round":
		return floatKind
	}
	switch name {
	case "add", "sub", "mul", "div", "mod", "add1", "max", "min", "biggest", "int", "int64", "float64", "until", "toDecimal":
		return intKind
	}
	return anyKind
}

// custom are the arguments of functions whose parameters say too little.
func (g *gen) custom(name string, d int) ([]string, bool) {
	if g.one(12) && name != "printf" && !strings.HasSuffix(name, "case") && !strings.HasPrefix(name, "htmlDate") && name != "date" && name != "toDate" && name != "mustToDate" {
		return nil, false
	}
	switch name {
	case "dict":
		return strings.Fields(strings.TrimSuffix(strings.TrimPrefix(g.flatDict(), "(dict"), ")")), true
	case "printf":
		args := []string{g.format()}
		for range g.r.Intn(4) {
			args = append(args, g.shownOperand(d))
		}
		return args, true
	case "snakecase", "kebabcase", "camelcase":
		return []string{quoted(strings.ToValidUTF8(g.noiseString(), "X"))}, true
	case "dig":
		args := []string{}
		for range 1 + g.r.Intn(3) {
			args = append(args, g.pick(`"a"`, `"b"`, `"c"`, `"d"`, `"e"`, `"zz"`, `"k"`))
		}
		return append(args, g.scalar(), g.pick("$.Values.m", "$.Values.a", g.fresh(2), "$.Values", "$.Values.nil")), true
	case "index":
		return []string{g.operand(listKind, d), g.pick("0", "1", "2", "-1", "5", `"a"`, "1.0", "$.Values.n")}, true
	case "slice":
		args := []string{g.operand(anyKind, d)}
		for range g.r.Intn(4) {
			args = append(args, g.pick("0", "1", "2", "3", "-1", "7"))
		}
		return args, true
	case "date", "dateInZone", "date_in_zone", "htmlDate", "htmlDateInZone":
		when := g.pick("now", `(toDate "2006-01-02" "2024-02-29")`, `(toDate "2006-01-02 15:04:05 -0700" "1999-12-31 23:59:59 +0900")`, `(dateModify "-36h" now)`, "0", "1700000000", "(int64 86400)")
		switch name {
		case "date":
			return []string{quoted(g.layout()), when}, true
		case "htmlDate":
			return []string{when}, true
		case "htmlDateInZone":
			return []string{when, g.zone()}, true
		}
		return []string{quoted(g.layout()), when, g.zone()}, true
	case "toDate", "mustToDate":
		layout := g.layout()
		text := now.Add(time.Duration(g.r.Int63n(1e18))).In(zones[g.r.Intn(len(zones))]).Format(layout)
		if g.one(4) {
			text = g.noiseString()
		}
		return []string{quoted(layout), quoted(text)}, true
	case "repeat":
		return []string{g.pick("0", "1", "3", "-1", "20"), g.operand(strKind, d)}, true
	case "until":
		return []string{g.pick("0", "3", "-4", "10")}, true
	case "untilStep", "seq":
		var args []string
		for range 3 - g.r.Intn(2)*g.r.Intn(3) {
			args = append(args, g.pick("0", "1", "2", "3", "10", "-1", "-3", "20"))
		}
		return args, true
	case "indent", "nindent", "wrap", "wrapWith", "abbrev", "trunc", "substr", "abbrevboth":
		f := byName[name]
		var args []string
		for _, in := range f.in {
			if in.Kind() == reflect.String {
				args = append(args, g.operand(strKind, d))
			} else {
				args = append(args, g.pick("0", "1", "2", "3", "4", "5", "8", "12", "-1", "-2", "30"))
			}
		}
		return args, true
	case "lookup":
		return []string{`"v1"`, `"Secret"`, `"ns"`, `"n"`}, true
	case "eq", "ne", "lt", "le", "gt", "ge":
		of := g.anyOf()
		return g.operands(of, 2, d), true
	case "get", "hasKey":
		return []string{g.operand(dictKind, d), g.pick(`"a"`, `"b"`, `"c"`, `"zz"`, `""`)}, true
	case "call":
		return []string{g.pick("$.Files.Get", "$.Capabilities.APIVersions.Has", "printf", "nil", "$.Values.s", `(index $.Values "m")`, "len", "(1)"), g.operand(strKind, 0)}[:1+g.r.Intn(2)], true
	}
	return nil, false
}

func (g *gen) flatDict() string {
	s := "(dict"
	for range g.r.Intn(4) {
		s += " " + g.pick(`"a"`, `"b"`, `"k"`, "1", "true", "$.Values.n", "$.Values.s") + " " + g.pick("1", `"x"`, "true", "nil", "$.Values.l", "$.Values.m", "(list)", "1.5")
	}
	return strings.ReplaceAll(s, "(list)", "$.Values.el") + ")"
}

var zones = []*time.Location{time.UTC, time.FixedZone("KST", 9*3600), time.FixedZone("", -5*3600-1800), zone("Asia/Seoul"), zone("America/New_York")}

func zone(name string) *time.Location {
	found, err := time.LoadLocation(name)
	must(err)
	return found
}

func (g *gen) zone() string {
	return g.pick(`"UTC"`, `"Asia/Seoul"`, `"America/New_York"`, `"Local"`, `""`, `"Nowhere/Land"`, `"../etc"`, `"Europe/London"`, `"GMT"`, `"EST5EDT"`)
}

func (g *gen) layout() string {
	if g.one(2) {
		return g.pick(time.RFC3339, time.RFC3339Nano, time.ANSIC, time.UnixDate, time.RFC822, time.RFC822Z, time.RFC850, time.RFC1123, time.RFC1123Z, time.Kitchen, time.StampMicro, time.DateTime, "2006-01-02", "02 Jan 2006", "20060102150405", "Monday, 2 January 2006")
	}
	s := ""
	for range 1 + g.r.Intn(6) {
		s += g.pick("2006", "06", "01", "1", "Jan", "January", "02", "2", "_2", "002", "__2", "15", "03", "3", "04", "4", "05", "5", ".000", ".999", ",000000", "PM", "pm", "MST", "-0700", "-07:00", "Z07:00", "Z0700", "-07", "Mon", "Monday") + g.pick("", "-", " ", "/", ":", "T", "é")
	}
	return s
}

func (g *gen) open() string  { return g.pick("{{", "{{", "{{ ", "{{- ", "{{-\n") }
func (g *gen) close() string { return g.pick("}}", "}}", " }}", " -}}", "\n-}}") }

// list is a sequence of nodes.
func (g *gen) list(d int) string {
	var b strings.Builder
	for range 1 + g.r.Intn(4) {
		b.WriteString(g.node(d))
	}
	return b.String()
}

func (g *gen) scope(f func() string) string {
	mark := len(g.vars)
	s := f()
	g.vars = g.vars[:mark]
	return s
}

func (g *gen) node(d int) string {
	if d == 0 {
		return g.pick("x", " ", "\n", "text\n  ", "", "{{.}}")
	}
	switch g.r.Intn(17) {
	case 0, 1:
		return g.pick("text", " \n ", "a: b\n", "\t", "é", "{ {", "}} ")
	case 2, 3, 4, 5:
		return g.open() + g.expr(g.anyOf(), 2) + g.close()
	case 6:
		of := g.anyOf()
		name := g.newVar()
		s := g.open() + name + " := " + g.expr(of, 2) + g.close()
		g.vars = append(g.vars, variable{name, of})
		return s
	case 7:
		if len(g.vars) == 0 {
			return ""
		}
		v := g.vars[g.r.Intn(len(g.vars))]
		return g.open() + v.name + " = " + g.expr(v.of, 2) + g.close()
	case 8, 9:
		return g.scope(func() string { return g.conditional(d) })
	case 10, 11:
		if g.loops >= 2 {
			return "deep"
		}
		return g.scope(func() string { return g.loop(d) })
	case 12, 13:
		return g.template(d)
	case 14:
		vars := g.vars
		g.vars = nil
		body := g.list(1)
		if g.one(3) {
			g.defined++
			body += fmt.Sprintf(`{{define "T%d"}}in tpl %s{{end}}{{include "T%d" .}}`, g.defined, g.list(1), g.defined)
		}
		g.vars = vars
		return "{{tpl " + quoted(body) + " " + g.pick(".", "$", g.operand(anyKind, 0)) + "}}"
	case 15:
		return g.pick(`{{fail "stop"}}`, `{{required "need it" .Values.nil}}`, `{{required "need it" .Values.s}}`, `{{ .Values.s | required "x" }}`, `{{template "nowhere"}}`, `{{include "nowhere" .}}`, `{{ .Values.a.x.y }}`, `{{ $.Values.s.b }}`)
	default:
		return g.pick("{{/* c */}}", "{{- /* c\n */ -}}", " {{- /**/}}", "{{.Template.Name}}", "{{.Template.BasePath}}")
	}
}

func (g *gen) conditional(d int) string {
	s := g.open()
	with := g.one(2)
	s += map[bool]string{true: "with ", false: "if "}[with]
	if g.one(4) {
		of, name := g.anyOf(), g.newVar()
		s += name + " := " + g.expr(of, 2)
		g.vars = append(g.vars, variable{name, of})
	} else {
		s += g.expr(g.anyOf(), 2)
	}
	s += g.close() + g.list(d-1)
	if g.one(3) {
		s += g.open() + "else " + map[bool]string{true: "with ", false: "if "}[with] + g.expr(g.anyOf(), 1) + g.close() + g.list(d-1)
	}
	if g.one(3) {
		s += g.open() + "else" + g.close() + g.list(d-1)
	}
	return s + g.open() + "end" + g.close()
}

func (g *gen) loop(d int) string {
	s := g.open() + "range "
	over := g.pick("$.Values.l", "$.Values.ls", "$.Values.m", "$.Values.em", "$.Values.el", "3", "$.Values.nil", "(until 3)", "$.Values.s", "$.Values.f", "$.Values.lm", "(list 1 2)", "(dict \"a\" 1 \"b\" 2)", "$.Values.missing", "(int 2)", "-1", "now")
	switch g.r.Intn(4) {
	case 0:
		v := g.newVar()
		s += v + " := "
		g.vars = append(g.vars, variable{v, anyKind})
	case 1:
		v, w := g.newVar(), g.newVar()
		s += v + ", " + w + " := "
		g.vars = append(g.vars, variable{v, strKind}, variable{w, anyKind})
	case 2:
		if len(g.vars) > 0 {
			s += g.vars[g.r.Intn(len(g.vars))].name + " = "
		}
	}
	s += over + g.close()
	g.loops++
	s += g.list(d - 1)
	if g.one(4) {
		s += "{{if " + g.expr(boolKind, 1) + "}}" + g.pick("{{break}}", "{{continue}}", "{{ break }}") + "{{end}}" + g.list(1)
	}
	g.loops--
	if g.one(4) {
		s += g.open() + "else" + g.close() + g.list(d-1)
	}
	return s + g.open() + "end" + g.close()
}

// template defines something, or uses what was defined before.
func (g *gen) template(d int) string {
	if g.defined == 0 || g.one(3) {
		vars, loops := g.vars, g.loops
		g.vars, g.loops = nil, 1
		body := g.list(d - 1)
		g.vars, g.loops = vars, loops
		g.defined++
		name := fmt.Sprintf("%q", fmt.Sprintf("T%d", g.defined))
		if g.one(3) {
			return g.open() + "block " + name + " " + g.expr(g.anyOf(), 1) + g.close() + body + "{{end}}"
		}
		use := g.open() + g.pick("template ", "include ") + name + " " + g.operand(anyKind, 1) + g.close()
		if d == 3 && g.loops == 0 {
			return "{{define " + name + "}}" + body + "{{end}}" + use
		}
		return "{{define " + name + "}}" + body + "{{end}}"
	}
	name := fmt.Sprintf("%q", fmt.Sprintf("T%d", 1+g.r.Intn(g.defined)))
	if g.one(2) {
		return g.open() + "template " + name + g.pick("", " .", " "+g.expr(g.anyOf(), 1)) + g.close()
	}
	return g.open() + "include " + name + " " + g.operand(anyKind, 1) + g.pick("", " | indent 2", " | nindent 4", " | trim", " | upper") + g.close()
}

func (g *gen) newVar() string { return g.pick("$x", "$y", "$z", "$v1", "$é") }

var bits = []string{"{{", "}}", "{{-", "-}}", " ", "\n", "if", "else", "end", "range", "with", "define", "template", "block", "break", "continue", "nil", "true", "false",
	".", ".a", ".m.b", "$", "$x", "$x.y", ":=", "=", ",", "|", "(", ")", "\"s\"", "`r`", "'c'", "'\\n'", "12", "0x1f", "1.5e3", "1i", "1+2i", "0b11", "0o17", "1_000", "07", "-3", "+", "-", "/*c*/", "/*", "*/",
	"printf", "len", "index", "foo", "é", "世", "\x00", "\xff", "!", "#", "%", "a.b", "\"\\x41\"", "\"unterminated", "'", "\\", "{", "}", "text", "{{end}}", "{{/* c */}}", "{{- /* c */ -}}", "{{else}}", "\"x\" .", "$x := 1", ".5", "1.", "0x1p-2", "1e400", "99999999999999999999",
	".Values", ".Values.s", "include", "tpl", "default", "toYaml", "{{ if .Values.t }}", "{{ range .Values.l }}", "{{ define \"d\" }}", "{{ block \"d\" . }}", "{{ with .Values.m }}", "else if", "else with", "'ab'", "''", "0b", "0x", "1__0", "\"\\q\"", "\"\\u00e9\"", "'\\''", ".5.5", "..", "$.", "a-b", "-}}x", "{{-x"}

func (g *gen) noise() string {
	var b strings.Builder
	if g.one(2) {
		b.WriteString(g.pick("{{", "{{ ", "{{if ", "{{range ", "{{- "))
	}
	for range 1 + g.r.Intn(12) {
		b.WriteString(bits[g.r.Intn(len(bits))])
		if g.one(3) {
			b.WriteString(" ")
		}
	}
	if g.one(2) {
		b.WriteString(g.pick("}}", " }}", " -}}", "{{end}}"))
	}
	return b.String()
}

func (g *gen) mutate(s string) string {
	if len(s) == 0 {
		return s
	}
	i := g.r.Intn(len(s))
	switch g.r.Intn(4) {
	case 0:
		return s[:i] + s[i+1:]
	case 1:
		return s[:i] + bits[g.r.Intn(len(bits))] + s[i:]
	case 2:
		return s[:i]
	}
	j := i + g.r.Intn(len(s)-i)
	return s[:i] + s[j:]
}

func (g *gen) verb() string {
	s := "%"
	for g.one(3) {
		s += g.pick("+", "-", "#", " ", "0")
	}
	if g.one(12) {
		s += g.pick("[1]", "[2]", "[9]", "[", "[x]", "[0]", "[2]*[1]", "[3]*.[2]*[1]", "[-1]", "[]")
	}
	if g.one(5) {
		s += g.pick("1", "5", "10", "20", "*", "08", "-3")
	}
	if g.one(5) {
		s += "." + g.pick("0", "1", "3", "10", "*", "", "-")
	}
	return s + g.pick("v", "d", "s", "q", "x", "X", "f", "e", "g", "G", "E", "F", "t", "T", "c", "U", "b", "o", "O", "v", "d", "s", "q", "z", "%", "w", "é", "v", "s", "\xff")
}

func (g *gen) format() string {
	s := ""
	for range 1 + g.r.Intn(3) {
		s += g.pick("", "-", "a ", "é") + g.verb()
	}
	if g.one(20) {
		s += "%"
	}
	return quoted(s)
}

func (g *gen) printf() string {
	s := "{{printf " + g.format()
	for range g.r.Intn(4) {
		s += " " + g.pick(g.shownOperand(0), g.operand(intKind, 0), g.num(), g.num())
	}
	if strings.Contains(s, "+0900") {
		return g.printf()
	}
	return s + "}}"
}

// shownOperand is something to format: no zone but UTC, whose insides other verbs show.
func (g *gen) shownOperand(d int) string {
	for {
		text := g.operand(anyKind, d)
		if !strings.Contains(text, "+0900") && !strings.Contains(text, "oDate") && !strings.Contains(text, "fromToml") {
			return text
		}
	}
}

func (g *gen) num() string {
	switch g.r.Intn(5) {
	case 0:
		return fmt.Sprint(g.r.Intn(200000) - 100000)
	case 1:
		return fmt.Sprintf("%g", (g.r.Float64()-0.5)*float64(int(1)<<uint(g.r.Intn(60))))
	case 2:
		return fmt.Sprintf("%e", g.r.NormFloat64()*1e10)
	case 3:
		return fmt.Sprint(g.r.Uint64() >> 1)
	}
	return fmt.Sprintf("%.3f", g.r.Float64()*1000)
}

var _ template.FuncMap
