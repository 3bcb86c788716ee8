package schema

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/fieldstack/fieldstack/crdt"
)

// The known traps of the validator underneath, each by name.

// jsonschema/v5 dies of 1e1000001 where numbers are compared, when numbers come as
// text. Ours come as doubles, so the number is refused at the door, in a value and in
// a schema; what does arrive is compared without a panic.
func TestPanicFromNineBytes(t *testing.T) {
	if _, err := crdt.ParseValue([]byte("1e1000001"), crdt.Limits{}); err == nil {
		t.Error("1e1000001 was read as a value")
	}
	for _, word := range []string{"minimum", "multipleOf", "const"} {
		mustRefuse(t, fmt.Sprintf(`{"properties":{"f":{%q:1e1000001}}}`, word))
	}
	s := mustParse(t, `{"properties":{"f":{"type":"integer","minimum":1e-300,"multipleOf":0.001,"enum":[1e300,2]},"g":{"uniqueItems":true}}}`)
	for _, number := range []float64{1.7976931348623157e308, -5e-324, 0, 1e300} {
		s.Validate(map[string]any{"f": number, "g": []any{number, number}})
	}
}

// What is no JSON at all is a problem, not a panic: Validate recovers.
func TestValidateRecovers(t *testing.T) {
	s := mustParse(t, `{"properties":{"f":{"type":"integer"}}}`)
	problems := s.Validate(map[string]any{"f": struct{}{}})
	if len(problems) != 1 {
		t.Errorf("%+v", problems)
	}
}

// outside are the ways in which a schema can ask for something elsewhere; %s is where.
var outside = []string{
	`{"type":"object","$ref":%q}`,
	`{"type":"object","$schema":%q}`,
	`{"type":"object","$id":%q,"properties":{"f":{"$ref":"other.json"}}}`,
	`{"type":"object","properties":{"f":{"$id":%q}}}`,
	`{"type":"object","properties":{"f":{"$dynamicRef":%q}}}`,
	`{"type":"object","$vocabulary":{%q:true}}`,
	`{"type":"object","$defs":{"d":{"$ref":%q}}}`,
}

func TestNoFileOpened(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.json")
	if err := os.WriteFile(path, []byte(`"a secret that is no schema"`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, form := range outside {
		for _, where := range []string{"file://" + path, path, "../../etc/passwd", "schema.go"} {
			text := fmt.Sprintf(form, where)
			for name, err := range map[string]error{"Parse": parseError(text), "Import": importError(text)} {
				if strings.Contains(form, `"$schema"`) || strings.Contains(form, `"$vocabulary"`) || strings.Contains(form, `{"f":{"$id"`) {
					continue // a name only; checked by TestNothingLoads
				}
				if err == nil {
					t.Errorf("%s(%s): accepted", name, text)
				} else if strings.Contains(err.Error(), "secret that") || strings.Contains(err.Error(), "no such file") {
					t.Errorf("%s(%s): says what is in the file, or whether it is there: %v", name, text, err)
				}
			}
		}
	}
}

// TestNoSocketOpened refers to a server that counts its visitors.
func TestNoSocketOpened(t *testing.T) {
	var visits atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		visits.Add(1)
		fmt.Fprint(w, `{"type":"object"}`)
	}))
	defer server.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for _, form := range outside {
		for _, where := range []string{server.URL, server.URL + "/schema#/x", "http://" + listener.Addr().String()} {
			parseError(fmt.Sprintf(form, where))
			importError(fmt.Sprintf(form, where))
		}
	}
	if n := visits.Load(); n != 0 {
		t.Errorf("the server was visited %d times", n)
	}
	listener.(*net.TCPListener).SetDeadline(time.Now().Add(10 * time.Millisecond))
	if c, err := listener.Accept(); err == nil {
		c.Close()
		t.Error("a connection was opened")
	}
}

// The compiler itself loads nothing either, should a reference ever get to it, and no
// package has registered a loader for the network.
func TestNothingLoads(t *testing.T) {
	for _, url := range []string{"file:///etc/hostname", "http://127.0.0.1:1/", "https://127.0.0.1:1/", "other"} {
		if _, err := newCompiler().LoadURL(url); err == nil {
			t.Errorf("the compiler loads %s", url)
		}
	}
	for scheme := range jsonschema.Loaders {
		if scheme != "file" {
			t.Errorf("a loader for %q is registered", scheme)
		}
	}
}

func parseError(text string) error {
	_, err := Parse([]byte(text))
	return err
}

func importError(text string) error {
	_, _, err := Import([]byte(text))
	return err
}

// With "$schema" 2020-12, formats are only remarks unless one asks.
func TestFormatsAsserted(t *testing.T) {
	for _, dialect := range []string{``, `"$schema":"https://json-schema.org/draft/2020-12/schema",`} {
		for name := range formats {
			s := mustParse(t, fmt.Sprintf(`{%s"properties":{"f":{"format":%q}}}`, dialect, name))
			problems := s.Validate(map[string]any{"f": "no \x01 such thing"})
			if len(problems) != 1 || problems[0].Rule != "format" {
				t.Errorf("%s %s: %+v", dialect, name, problems)
			}
			if problems := s.Validate(map[string]any{"f": 3.0}); problems != nil {
				t.Errorf("%s: a number: %+v", name, problems)
			}
		}
	}
	mustRefuse(t, `{"properties":{"f":{"format":"colour"}}}`)
}

// A misspelt keyword would check nothing, silently.
func TestMisspeltKeyword(t *testing.T) {
	for word, meant := range map[string]string{
		"requierd": "required", "minLenght": "minLength", "additionalProperty": "additionalProperties",
		"Properties": "properties", "fromat": "format", "x-mereg": "x-merge", "x-uniqe": "x-unique", "entirely": "",
		"propertes": "properties", "maxlength": "maxLength",
	} {
		errs := mustRefuse(t, fmt.Sprintf(`{"type":"object","properties":{"f":{"type":"string",%q:{}}}}`, word))
		if len(errs) != 1 || errs[0].Path != "/properties/f/"+word || !strings.Contains(errs[0].Message.String(), `"f"`) {
			t.Errorf("%s: %+v", word, errs)
		}
		if meant != "" && !strings.Contains(errs[0].Fix.String(), `"`+meant+`"`) {
			t.Errorf("%s: %s", word, errs[0].Fix.String())
		}
		_, notes, err := Import([]byte(fmt.Sprintf(`{"type":"object","properties":{"f":{%q:{}}}}`, word)))
		switch {
		case meant == "" && (err != nil || len(notes) == 0):
			t.Errorf("Import of %s: %v %v", word, notes, err)
		case meant != "" && err == nil:
			t.Errorf("Import of %s: accepted", word)
		}
	}
	mustParse(t, `{"type":"object","x-red":1,"x-ray":2,"x-anything-at-all":{"a":1}}`)
}

// doubling makes a schema of levels definitions, each of which refers twice to the next.
func doubling(levels int, last string) string {
	var b strings.Builder
	b.WriteString(`{"type":"object","properties":{"f":{"$ref":"#/$defs/d0"}},"$defs":{`)
	for i := range levels {
		fmt.Fprintf(&b, `"d%d":{"allOf":[{"$ref":"#/$defs/d%d"},{"$ref":"#/$defs/d%d"}]},`, i, i+1, i+1)
	}
	fmt.Fprintf(&b, `"d%d":%s}}`, levels, last)
	return b.String()
}

// 24 doubling levels of $ref took 14.6 s for one value, 16 failing ones 91 MB.
func TestRefBudget(t *testing.T) {
	start := time.Now()
	errs := mustRefuse(t, doubling(24, `{"type":"string"}`))
	if !strings.Contains(errs[0].Message.String(), "rules") || errs[0].Fix.String() == "" {
		t.Errorf("%+v", errs[0])
	}
	// Doubling on the way down the value costs as much and is found as well.
	mustRefuse(t, `{"type":"object","$ref":"#/$defs/d","$defs":{"d":{"properties":{"a":{"allOf":[`+strings.Repeat(`{"$ref":"#/$defs/d"},`, 7)+`{"$ref":"#/$defs/d"}]}}}}}`)
	if took := time.Since(start); took > time.Second {
		t.Errorf("refusing took %v", took)
	}
	s := mustParse(t, doubling(11, `{"type":"string"}`))
	start = time.Now()
	problems := s.Validate(map[string]any{"f": 3.0})
	if len(problems) != 1 {
		t.Errorf("2,048 times the same problem: told %d times", len(problems))
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("validating took %v", took)
	}
}

// A schema that goes round in a circle at one place.
func TestReferenceLoop(t *testing.T) {
	for _, text := range []string{
		`{"type":"object","$ref":"#"}`,
		`{"type":"object","allOf":[{"$ref":"#"}]}`,
		`{"type":"object","properties":{"f":{"anyOf":[{"$ref":"#/properties/f"}]}}}`,
		`{"type":"object","$defs":{"a":{"not":{"$ref":"#/$defs/b"}},"b":{"if":{"$ref":"#/$defs/a"}}}}`,
	} {
		errs := mustRefuse(t, text)
		if !strings.Contains(errs[0].Message.String(), "itself") {
			t.Errorf("%s: %+v", text, errs[0])
		}
	}
}

// 4,000 nested levels took 2.9 s to compile, 9,000 more than 20 s.
func TestDeepNesting(t *testing.T) {
	for _, levels := range []int{33, 100, 4_000, 20_000} {
		start := time.Now()
		mustRefuse(t, nested(levels))
		if took := time.Since(start); took > time.Second {
			t.Errorf("%d levels: %v", levels, took)
		}
	}
	mustParse(t, nested(32))
}

// nested is a schema with levels schemas in one another below it.
func nested(levels int) string {
	return strings.Repeat(`{"type":"object","not":`, levels) + `{"const":1}` + strings.Repeat(`}`, levels)
}

// ([a-z]{1,500}){1,2} took 24.5 s on a megabyte.
func TestPatternCost(t *testing.T) {
	for _, pattern := range []string{`([a-z]{1,500}){1,2}`, `(((a{1,30}){1,30}){1,30})`, strings.Repeat("a", 501), `a{1001}`} {
		errs := mustRefuse(t, fmt.Sprintf(`{"properties":{"f":{"pattern":%q}}}`, pattern))
		if errs[0].Fix.String() == "" {
			t.Errorf("%s: %+v", pattern, errs[0])
		}
	}
	// The heaviest that is allowed, on the longest text that a value may hold: either
	// it is quick, or it is refused before it starts.
	s := mustParse(t, `{"properties":{"f":{"pattern":"^([a-z]{1,300}){1,2}$"}}}`)
	long := strings.Repeat("a", 256<<10)
	start := time.Now()
	if problems := s.Validate(map[string]any{"f": long}); len(problems) != 1 {
		t.Errorf("%+v", problems)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("a long text took %v", took)
	}
	if problems := s.Validate(map[string]any{"f": strings.Repeat("a", 600)}); problems != nil {
		t.Errorf("600 letters: %+v", problems)
	}
	s = mustParse(t, `{"properties":{"f":{"pattern":"(a+)+$"}}}`)
	start = time.Now()
	s.Validate(map[string]any{"f": strings.Repeat("a", 30_000) + "!"})
	if took := time.Since(start); took > time.Second {
		t.Errorf("(a+)+$ took %v", took)
	}
}

// A value can be wrong in a hundred thousand places; the answer stays small.
func TestManyProblems(t *testing.T) {
	s := mustParse(t, `{"properties":{"f":{"type":"array","items":{"oneOf":[{"type":"string"},{"type":"boolean"}]}}}}`)
	list := make([]any, 20_000)
	for i := range list {
		list[i] = float64(i)
	}
	start := time.Now()
	problems := s.Validate(map[string]any{"f": list})
	if len(problems) != maxProblems {
		t.Errorf("%d problems", len(problems))
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
}

// What people see never has the address that the validator made up, nor Go's words.
func TestMessagesLeakNothing(t *testing.T) {
	s := workOrder(t)
	value := map[string]any{
		"title": 1.0, "priority": map[string]any{}, "due": "x", "parts": []any{map[string]any{"x": 1.0}, 3.0},
		"site": map[string]any{"zip": "x", "place": map[string]any{}}, "range": []any{"x", 1.0, 2.0}, "size": nil, "status": "done",
	}
	problems := s.Validate(value)
	if len(problems) < 9 {
		t.Errorf("only %+v", problems)
	}
	for _, p := range problems {
		for _, bad := range []string{"fieldstack:", "#/", "jsonschema", "%!", "doesn't validate", "map[", "float64"} {
			if strings.Contains(p.Message.String(), bad) {
				t.Errorf("%s: %s", p.Path, p.Message.String())
			}
		}
	}
}
