package show_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates/words"
)

// typeVector is as much of schema/testdata/problems.json as makes schema say something.
type typeVector struct {
	Name   string          `json:"name"`
	Schema json.RawMessage `json:"schema"`
	Values []struct {
		Value json.RawMessage `json:"value"`
	} `json:"values"`
	Places []struct {
		Path    []string        `json:"path"`
		Value   json.RawMessage `json:"value"`
		Element bool            `json:"element"`
	} `json:"places"`
	Ops []struct {
		Op crdt.Op `json:"op"`
	} `json:"ops"`
	Conditions []struct {
		Condition *schema.Condition `json:"condition"`
	} `json:"conditions"`
}

func typeVectors(t *testing.T) []*typeVector {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "schema", "testdata", "problems.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []*typeVector
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// speaker holds sentences to be said in German, but for what people wrote themselves.
type speaker struct {
	*testing.T
	own  string // all that people wrote, in small letters: it is not translated
	said map[string]bool
}

// english finds words of ours: two or more in small letters, one after the other.
var english = regexp.MustCompile(`\b[a-z]{2,} [a-z]{2,}\b`)

// german fails where the sentence, or one inside it, is not said in German.
func (s *speaker) german(what schema.Sentence) {
	s.Helper()
	ctx := words.With(s.Context(), words.German)
	what.In(func(one schema.Sentence, args []any) string {
		said := words.Say(ctx, one.Text, args...)
		if s.said[one.Text] = true; english.MatchString(one.Text) && said == (schema.Sentence{Text: one.Text, Args: args}).String() {
			s.Errorf("%q says %q in German too, in %q", one.Text, said, what)
		}
		for _, arg := range one.Args {
			text, is := arg.(string)
			for part := range strings.SplitSeq(strings.Trim(text, `"…`), " › ") {
				if is && english.MatchString(part) && !strings.Contains(s.own, strings.ToLower(part)) {
					s.Errorf("%q is part of %q and can be said in English only", text, what)
				}
			}
		}
		return said
	})
	if got := show.Sentence(s.Context(), what); got != what.String() {
		s.Errorf("a page says %q where the API says %q", got, what)
	}
}

// Whatever is wrong with a value, whatever a condition asks, and whatever happens when
// two people edit a field, is said in German, for every rule of the shared vectors.
func TestSchemaInGerman(t *testing.T) {
	rules, all := map[string]bool{}, map[string]bool{}
	for _, v := range typeVectors(t) {
		parsed, err := schema.Parse(v.Schema)
		if err != nil {
			t.Fatal(err)
		}
		own := []string{string(v.Schema)}
		for _, f := range parsed.Fields() {
			own = append(own, f.Title)
		}
		s := &speaker{T: t, own: strings.ToLower(strings.Join(own, "\n")), said: all}
		var problems []schema.Problem
		for _, c := range v.Values {
			value, _ := plain(t, c.Value).(map[string]any)
			problems, s.own = append(problems, parsed.Validate(value)...), s.own+strings.ToLower(string(c.Value))
		}
		for _, c := range v.Places {
			problems, s.own = append(problems, parsed.ValidateField(c.Path, plain(t, c.Value), c.Element)...), s.own+strings.ToLower(string(c.Value))
		}
		for _, c := range v.Ops {
			problems = append(problems, parsed.CheckOp(&c.Op)...)
		}
		for _, p := range problems {
			rules[p.Rule] = true
			s.german(p.Message)
		}
		for _, c := range v.Conditions {
			text, _ := c.Condition.MarshalJSON()
			s.own += strings.ToLower(string(text))
			s.german(c.Condition.Sentence(parsed))
			if err := c.Condition.Check(parsed, nil); err != nil {
				s.german(err.(*schema.ConditionError).Says())
			}
		}
		for _, f := range parsed.Fields() {
			s.german(f.Why)
		}
	}
	if len(rules) < 30 || len(all) < 90 {
		t.Errorf("only %d rules were broken and %d texts said", len(rules), len(all))
	}
}

func plain(t *testing.T, text []byte) any {
	t.Helper()
	v, err := crdt.ParseValue(text, crdt.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// What a new version changes is said in German, from every type of the vectors to every
// field of the next one's under the same key.
func TestDifferencesInGerman(t *testing.T) {
	field := func(text string) *schema.Schema {
		s, err := schema.Parse([]byte(`{"type":"object","title":"Job","properties":{"fee":` + text + `}}`))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	fields := []string{
		`{"type":"number"}`, `{"type":"number","minimum":1,"maximum":9,"multipleOf":2}`, `{"type":"number","exclusiveMinimum":2}`, `{"type":"number","x-merge":"counter"}`,
		`{"type":"integer","title":"Charge","x-unique":true}`, `{"type":["number","null"]}`, `{"type":["string","number"]}`, `{"type":"string","enum":["a","b"]}`, `{"type":"string","enum":["a"],"x-when":true}`,
		`{"type":"string","minLength":2,"maxLength":4,"pattern":"^a","format":"email"}`, `{"type":"string","x-ref":"site"}`, `{"type":"string","x-ref":"person"}`, `{"type":"string","x-error":"No."}`,
		`{"type":"array","items":{"type":"string"},"uniqueItems":true}`, `{"type":"array","items":{"type":"string"},"minItems":1}`, `{"type":"boolean"}`,
		`{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}}}`, `{"type":"object","properties":{"b":{"type":"string"},"a":{"type":"string"}},"required":["a"],"x-order":["b","a"],"additionalProperties":false,"minProperties":1}`,
		`{"type":"object","x-atomic":true,"properties":{"a":{"type":"string"}}}`, `{"type":"string","not":{"const":"x"}}`,
	}
	s := &speaker{T: t, own: "fee charge job", said: map[string]bool{}}
	kinds := map[string]bool{}
	for _, before := range fields {
		for _, after := range fields {
			old, next := field(before), field(after)
			empty, _ := schema.Parse([]byte(`{"type":"object"}`))
			for _, d := range slices.Concat(schema.Compare(old, next).Changes, schema.Compare(empty, next).Changes, schema.Compare(next, empty).Changes, schema.Returned([]*schema.Schema{old, empty}, next)) {
				kinds[d.Kind] = true
				s.german(d.Message)
				s.german(d.Devices)
			}
		}
	}
	if len(kinds) < 10 || len(s.said) < 40 {
		t.Errorf("only %d kinds of differences in %d texts", len(kinds), len(s.said))
	}
}

// Why a schema is no type, what an import changed, and what a table was taken for, is
// said in German.
func TestMistakesOfSchemasInGerman(t *testing.T) {
	field := func(text string) string { return `{"type":"object","properties":{"fee":` + text + `}}` }
	s := &speaker{T: t, said: map[string]bool{}}
	for _, text := range []string{
		`{`, `{"a":1,}`, `{"a":1 2`, `{"a":"\q"}`, `{"a":1e999}`, `{"a":1,"a":2}`, `{"__proto__":1}`, `{} 1`, `{"a":-}`, "{\"a\":\"\x01\"}",
		`[]`, `{"type":"string"}`, `{"type":"object","x-unique":true}`, `{"type":"object","properties":[]}`, `{"type":"object","properties":{"":{}}}`,
		field(`7`), field(`{"$ref":1}`), field(`{"$ref":"#/$defs/a"}`), field(`{"$ref":"other.json"}`), field(`{"$dynamicRef":"#a"}`), field(`{"x-atomik":true}`), field(`{"minimun":1}`), field(`{"zzz":1}`), field(`{"allOf":[]}`),
		field(`{"minimum":"a"}`), field(`{"multipleOf":0}`), field(`{"minLength":-1}`), field(`{"uniqueItems":1}`), field(`{"required":1}`), field(`{"dependentRequired":1}`), field(`{"type":"text"}`), field(`{"enum":[]}`),
		field(`{"x-merge":"newest"}`), field(`{"type":"string","x-serial":"A"}`), field(`{"x-when":{"field":"a"}}`), field(`{"x-when":{"field":"none","is":1}}`), field(`{"type":"string","x-ref":"A B"}`), field(`{"format":"colour"}`), field(`{"$anchor":"1"}`),
		field(`{"type":"string","pattern":"("}`), field(`{"type":"string","pattern":"(?=a)"}`), field(`{"type":"string","pattern":"[z-a]"}`), field(`{"type":"string","pattern":"\\q"}`), field(`{"type":"string","pattern":"a{2000}"}`), field(`{"type":"string","pattern":"*"}`),
		field(`{"type":"string","x-merge":"counter"}`), field(`{"type":"string","x-merge":"list"}`), field(`{"type":"string","x-atomic":true}`), field(`{"type":"array","x-unique":true}`), field(`{"type":"number","x-serial":"A-{0}"}`), field(`{"type":"array","x-index":true}`),
	} {
		_, err := schema.Parse([]byte(text))
		faults := schema.Errors(err)
		if s.own = strings.ToLower(text); len(faults) == 0 {
			t.Errorf("%s is a type", text)
		}
		for _, fault := range faults {
			s.german(fault.Says())
		}
		_, notes, _ := schema.Import([]byte(text))
		for _, n := range notes {
			s.german(n.Message)
		}
	}
	rows := []map[string]any{{"Zip": "01234", "When": "1/2/2026", "Sum": "1.50", "Done": "yes", "Note": "one"}, {"Zip": "8000", "When": "31/12/2026", "Sum": "2.00", "Done": "no", "Note": "two"}}
	_, notes, err := schema.Infer("Jobs", []string{"Zip", "When", "Sum", "Done", "Note", "Empty"}, rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range notes {
		s.german(n.Message)
	}
	if len(s.said) < 90 {
		t.Errorf("only %d texts were said", len(s.said))
	}
}
