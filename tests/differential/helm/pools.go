package main

var (
	regexes      = []string{"a", "[a-z]+", "(a)(b)?", "^x", "x$", "(?i)A", ".", "", "a*", "\\d+", "[^a-z]", "(?P<n>o)", "\\bfoo\\b", "(", "[", "a{2}", "a{,2}", "\\p{L}", "\\pN+", "(?s).+", "(?m)^l", "\\Qa.b\\E", "x|y|", "[[:alpha:]]", "\\x{e9}", "é", "\\C", "(?U)a+", "a{1001}", "(a+)+", "\\w+\\s", "[\\d-z]", "\\S", "*", "a**", "(?<n>a)", "\\z", "\\A.", "[a-", "\\1", "(?=a)", "\\pX", "^$", "\xff", "[é-ü]", "\\d\\W\\B", "[^\\n]*"}
	replacements = []string{"x", "$1", "${1}x", "$1x", "$$", "${n}", "", "$0-$0", "$", "${", "${}", "$2", "\\1", "$é", "\xff"}
	versions     = []string{"1.2.3", "v1.2.3", "1.2", "1", "1.2.3-beta.1", "1.2.3+b1", "v1.28.0-gke.100", "1.02.3", "", "x", "1.2.3.4", "1.2.3-", "1.2.3-01", "0.0.0", "99999999999999999999.0.0", "-1.0.0", "1.2.3-alpha", "2.0.0-rc.1", "1.20.0"}
	ranges       = []string{">=1.2", "^1.2.3", "~1.2", "1.2 - 1.4", ">=1.19-0", "!=1.2.3", "1.x", "*", "", "<2 || >3", ">1,<2", "=1.2.3", "> 1.2.3 < 2", "~>1.2", "=>1.2", "^0.2", "^0.0.1", "1.2.*", ">=v1.2.3-0", "x", "||", ">", "1.2.3 1.2.4", "<=1.2.3-beta", ">= 1.20.0-0", "^1.2.3-beta.2"}
	yamls        = []string{"a: 1\nb: [x, 2.0]", "- 1\n- two", "a: {b: null}", "x", "", "a: b: c", "1: 2\ntrue: 3", "a: yes\nb: 0o7\nc: 0x1f\nd: 1e3\ne: ~", "&a x: *a", "a: &x [1]\nb: *x", "? a\n: b", "a: |\n  text\n", "a: >-\n  f\n  g", "'q': \"\\u00e9\"", "a: 1\na: 2", "- a: 1\n  b: 2", "!!str 1", "a: !!binary aGk=", "2024-01-01", "a: 12:30", "<<: {a: 1}\nb: 2", "%YAML 1.1\n---\na: 1", "a: \t1", "{a: 1, b}", "[a, {b: c}]", "\xff", "a: .inf", "a: 9223372036854775808", "a: 1_000", "--- \n...", "a: 1\n---\nb: 2"}
	jsons        = []string{"{\"a\":1,\"b\":[true,null,1.5]}", "[1,\"x\",{}]", "1", "\"s\"", "", "{", "{\"a\":1e400}", "null", "{\"a\":{\"b\":\"\\u00e9\\ud83d\"}}", "[1,]", "{\"a\":1} x", "{\"a\":1,\"a\":2}", "9007199254740993", "[12345678901234567890]", "{\"é\":\"\xff\"}", " {\"a\" : \"<&>\"} ", "{a:1}", "tru", "-", "01", "\"\\x\"", "\"a\nb\"", "[[[[]]]]", "1.0", "{\"a\": 1.0, \"b\": 1e2}"}
	tomls        = []string{"a = 1\nb = \"x\"", "[t]\nx = [1, 2]", "[[l]]\na = 1\n[[l]]\na = 2", "d = 2024-02-29", "dt = 2024-02-29T12:00:00Z", "lt = 12:30:00", "ldt = 1979-05-27T07:32:00", "a.b.c = 1", "a = 'raw'\nb = \"\"\"m\nl\"\"\"", "a = 1\na = 2", "a =", "f = 1.0\ni = 0xff\no = 0o7\nb = 0b1\ninf = inf\nn = nan", "x = {a = 1, b = [true]}", "", "= 1", "[a]\n[a]", "\"q k\" = 1", "a = 1_000\nb = 1e3", "t = true", "é = 1", "dt = 1979-05-27T00:32:00.999999-07:00", "a = [1, \"x\"]", "a = \"\\u00e9\\n\""}
	durations    = []string{"1h", "90m", "-36h", "1h30m10s", "x", "", "1.5h", "100ms", "1d", "2h45m", "3600", "1µs", "-1", "+5m", ".5s", "9999999h", "720h"}
	urls         = []string{"http://a/b", "https://u:p@h:8080/p?q=1#f", "://x", "", "a/b", "mailto:x@y", "http://[::1]:80/", "http://a b/", "%zz", "//h/p", "http://h/%20é?x=é#é", "http://h?a=b&c", "http://u@h", "x:y:z", "http://h:port/", "?q", "#f", "http:///p", "HTTP://H/P"}
	types        = []string{"string", "int", "float64", "map[string]interface {}", "[]interface {}", "bool", "<nil>", "time.Time", "*semver.Version", "int64", "slice", "map", "invalid"}
	formats      = []string{"%s", "%d", "%v"}
	base64s      = []string{"aGVsbG8=", "aGVsbG8", "!!!", "", "/wD+gA==", "a", "aGk=\n", "YQ==", "YR==", "a===", "8J+YgA=="}
	base32s      = []string{"NBSWY3DP", "MFRGG===", "mfrgg", "1", "", "MZXW6===", "M"}
	words        = []string{"a", "b", "k", "x", "d", "é", "", "e", "a.b"}
	wraps        = []string{"\n", "-", "", "\n  ", "é"}
	separators   = []string{",", "", " ", "ab", "\n", "é", "\xff", "."}
	crypts       = []string{"", "key", "0123456789abcdef0123456789abcdefXYZ"}
	encrypted    = []string{"", "30tEfhuJSVRhpG97XCuWgz2okj7L8vQ1s6V9zVUPeDQ=", "AAAA", "AAAAAAAAAAAAAAAAAAAAAA==", "!!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="}
	globs        = []string{"*.yaml", "**", "f/*", "values.yaml", "", "[", "{a,b}", "f?"}
	paths        = []string{"/a/b.c", "a/../b", "", ".", "/", "a//b/", "../x", "a.b.c", ".hidden", "é/ü", "a\\b", "/..", "./a/./b"}
	trims        = []string{"$", "abc", "", "é", "h", " ", "\xff", "x"}
)

// pools are the texts that parameters are meant for, by function and place.
var pools = map[string][][]string{
	"regexMatch": {regexes}, "mustRegexMatch": {regexes}, "regexFind": {regexes}, "mustRegexFind": {regexes},
	"regexFindAll": {regexes}, "mustRegexFindAll": {regexes}, "regexSplit": {regexes}, "mustRegexSplit": {regexes},
	"regexReplaceAll": {regexes, nil, replacements}, "mustRegexReplaceAll": {regexes, nil, replacements},
	"regexReplaceAllLiteral": {regexes, nil, replacements}, "mustRegexReplaceAllLiteral": {regexes, nil, replacements},
	"regexQuoteMeta": {regexes},
	"semver":         {versions}, "semverCompare": {ranges, versions},
	"fromYaml": {yamls}, "fromYamlArray": {yamls}, "fromJson": {jsons}, "fromJsonArray": {jsons}, "mustFromJson": {jsons}, "fromToml": {tomls},
	"duration": {durations}, "durationRound": {durations}, "dateModify": {durations}, "date_modify": {durations}, "mustDateModify": {durations}, "must_date_modify": {durations},
	"urlParse": {urls}, "typeIs": {types}, "typeIsLike": {types}, "kindIs": {types},
	"b64dec": {base64s}, "b32dec": {base32s}, "wrapWith": {nil, wraps},
	"split": {separators}, "splitList": {separators}, "splitn": {separators}, "join": {separators}, "replace": {words},
	"pluck": {words}, "pick": {nil, words}, "omit": {nil, words}, "decryptAES": {crypts, encrypted},
	"base": {paths}, "dir": {paths}, "clean": {paths}, "ext": {paths}, "isAbs": {paths}, "osBase": {paths}, "osDir": {paths}, "osClean": {paths}, "osExt": {paths}, "osIsAbs": {paths},
	"trimAll": {trims}, "trimall": {trims}, "trimPrefix": {trims}, "trimSuffix": {trims}, "hasPrefix": {trims}, "hasSuffix": {trims}, "contains": {trims},
	"set": {nil, words}, "unset": {nil, words},
}
