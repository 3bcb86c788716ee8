package collections_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/collections"
)

// caseSchema has the field secret, of which any value was allowed once and few are now,
// and the field code, of which no two documents should have the same.
const (
	caseSchema       = `{"type":"object","title":"Case","properties":{"title":{"type":"string"},"status":{"enum":["open","done"]},"secret":{},"code":{"type":"string","x-unique":true}},"additionalProperties":{"type":["string","number"]}}`
	strictCaseSchema = `{"type":"object","title":"Case","properties":{"title":{"type":"string"},"status":{"enum":["open","done"]},"secret":{"enum":["alpha","beta"]},"code":{"type":"string","x-unique":true}},"additionalProperties":{"type":["string","number"]},"required":["secret","status"]}`
	caseRules        = `{"roles":{"worker":{"hidden":["secret","code"]},"editor":{"hidden":["secret","code"],"readOnly":["status"]}}}`
)

// secrets are the values that the hidden field has in one world after the other: valid
// and not, absent, one that a search or a guess would find, one that another document
// has as well.
var secrets = []any{"alpha", "absent", "guess", 7.0, "pump guess open", "", "beta", true, []any{"x"}, map[string]any{"k": "guess"}}

// For somebody from whom a field is hidden, every answer to everything they can ask is
// the same to the byte, whatever the field's value. (Directus CVE-2025-30352, Strapi
// CVE-2023-22894 were filters that told passwords letter by letter.)
func TestAuthz_NoOracle(t *testing.T) {
	want := transcript(t, secrets[0])
	if len(want) < 100 {
		t.Fatalf("the transcript has only %d answers", len(want))
	}
	for _, secret := range secrets[1:] {
		t.Run(fmt.Sprint(secret), func(t *testing.T) {
			got := transcript(t, secret)
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("an answer tells %v from %v:\n%s", secret, secrets[0], cmp.Diff(want[i], got[i]))
				}
			}
		})
	}
}

// transcript is everything that people without sight of the secret get to read in a
// world where it has this value.
func transcript(t *testing.T, secret any) []string {
	o := openOffice(t)
	o.publish("case", caseSchema)
	fill(o, secret)
	o.publish("case", strictCaseSchema)
	o.rule("case", caseRules)
	s := &scribe{o: o}
	for _, a := range []collections.Actor{wim, eve} {
		s.actor = a
		s.askLists()
		s.askDocuments()
		s.askTypes()
		s.askSync()
		s.askWrites()
	}
	return s.lines
}

// fill makes five documents; the secret of the second and third is the one in question.
func fill(o *office, secret any) {
	o.Helper()
	for i, title := range []string{"Replace pump", "Paint fence", "Fix roof", "Check boiler", "Mow lawn"} {
		value := map[string]any{"title": title, "secret": fmt.Sprint("secret ", i)}
		if i != 3 {
			value["status"] = "open"
		}
		value["code"] = fmt.Sprint("code ", i)
		if i == 1 || i == 2 {
			value["secret"] = secret
			if _, isText := secret.(string); isText {
				value["code"] = "same"
			}
		}
		if value["secret"] == "absent" {
			delete(value, "secret")
		}
		if _, err := o.Create(o.Context(), olga, "case", docID(i), value); err != nil {
			o.Fatalf("create with secret %v: %v", secret, err)
		}
	}
	if err := o.Delete(o.Context(), olga, "case", docID(4)); err != nil {
		o.Fatal(err)
	}
}

// scribe asks and writes down what is answered.
type scribe struct {
	o     *office
	actor collections.Actor
	lines []string
}

// note writes an answer down; an error is as much an answer as any.
func (s *scribe) note(asked string, answer any, err error) {
	line := s.actor.Name + " asks " + asked + ": "
	if err != nil {
		line += asJSON(s.o, err)
	} else {
		line += asJSON(s.o, answer)
	}
	s.lines = append(s.lines, line)
}

func (s *scribe) list(asked string, r collections.ListRequest) {
	r.Count = true
	page, err := s.o.List(s.o.Context(), s.actor, "case", r)
	s.note(asked, page, err)
	if err == nil && page.Next != "" {
		r.After = page.Next
		s.list(asked+" next", r)
	}
}

// askLists filters, sorts and searches by the hidden field in every way there is.
func (s *scribe) askLists() {
	for _, condition := range []string{
		`{"field":"secret","is":"guess"}`, `{"field":"secret","is":null}`, `{"field":"secret","not":"guess"}`,
		`{"field":"secret","in":["guess",7]}`, `{"field":"secret","above":"a"}`, `{"field":"secret","below":100}`,
		`{"field":"secret","from":7}`, `{"field":"secret","to":"z"}`, `{"field":"secret","has":"x"}`,
		`{"field":"secret","contains":"ue"}`, `{"field":"secret","starts":"g"}`, `{"field":"secret","empty":true}`,
		`{"field":"secret","empty":false}`, `{"field":"secret.k","is":"guess"}`,
		`{"any":[{"field":"status","is":"open"},{"none":[{"field":"secret","is":"guess"}]}]}`,
		`{"all":[{"field":"status","is":"open"},{"field":"secret","not":null}]}`,
		`{"field":"secretly","is":"guess"}`,
	} {
		s.list("where "+condition, collections.ListRequest{Where: where(s.o, condition), Limit: 2})
	}
	for _, path := range [][]string{{"secret"}, {"secret", "k"}, {"title"}, {"_updated"}, {"secretly"}} {
		for _, desc := range []bool{false, true} {
			r := collections.ListRequest{Sort: []collections.Sort{{Field: path, Desc: desc}}, Limit: 1}
			s.list(fmt.Sprint("sort ", path, desc), r)
			r.Sort = append(r.Sort, collections.Sort{Field: []string{"title"}})
			s.list(fmt.Sprint("sort ", path, desc, " title"), r)
		}
	}
	for _, search := range []string{"guess", "g", "7", "pump", "pump guess", "open", "alpha", "secret", "fence", "x"} {
		s.list("search "+search, collections.ListRequest{Search: search, Limit: 1})
	}
	for _, state := range []collections.State{collections.Live, collections.Attention, collections.Trash, collections.Any} {
		s.list(fmt.Sprint("state ", state), collections.ListRequest{State: state, Limit: 1})
		s.list(fmt.Sprint("state and search ", state), collections.ListRequest{State: state, Search: "guess"})
	}
}

func (s *scribe) askDocuments() {
	for i := range 6 {
		d, err := s.o.Get(s.o.Context(), s.actor, "case", docID(i))
		s.note(fmt.Sprint("get ", i), d, err)
		for _, field := range []string{"", "secret", "secretly", "title"} {
			events, next, err := s.o.History(s.o.Context(), s.actor, "case", docID(i), field, "", 1)
			s.note(fmt.Sprint("history ", i, field), []any{events, next}, err)
			events, next, err = s.o.History(s.o.Context(), s.actor, "case", docID(i), field, "", 0)
			s.note(fmt.Sprint("whole history ", i, field), []any{events, next}, err)
		}
	}
}

func (s *scribe) askTypes() {
	types, err := s.o.Types(s.o.Context(), s.actor)
	s.note("types", types, err)
	versions, err := s.o.Versions(s.o.Context(), s.actor, "case")
	for _, t := range versions {
		s.note("version", string(t.Schema.JSON()), err)
	}
}

// askSync pulls everything, also through a subscription to the hidden field.
func (s *scribe) askSync() {
	for _, condition := range []string{`true`, `{"field":"secret","is":"guess"}`, `{"field":"secret","empty":true}`, `{"field":"status","is":"open"}`} {
		subscribe := []collections.Subscription{{Type: "case", Where: where(s.o, condition)}}
		cursor := ""
		for range 4 {
			answer, err := s.o.Pull(s.o.Context(), s.actor, cursor, subscribe, 2)
			if err == nil {
				cursor, answer.Cursor, answer.Epoch = answer.Cursor, "", ""
			}
			s.note("pull "+condition, answer, err)
		}
	}
}

// askWrites guesses: no answer says whether a guess was right.
func (s *scribe) askWrites() {
	for i := range 4 {
		for _, guess := range []any{"guess", "alpha", "beta", 7.0, "", true, nil, []any{"x"}} {
			value := map[string]any{"secret": guess}
			d, err := s.o.Patch(s.o.Context(), s.actor, "case", docID(i), value)
			s.note(fmt.Sprint("patch ", i, guess), d, err)
			whole := map[string]any{"title": "Guessed", "status": "open", "secret": guess}
			d, err = s.o.Replace(s.o.Context(), s.actor, "case", docID(i), whole)
			s.note(fmt.Sprint("replace ", i, guess), d, err)
			d, err = s.o.Create(s.o.Context(), s.actor, "case", "", whole)
			if d != nil {
				d.ID = ""
			}
			s.note(fmt.Sprint("create ", guess), d, err)
		}
		d, err := s.o.Patch(s.o.Context(), s.actor, "case", docID(i), map[string]any{"title": "Retitled"})
		s.note(fmt.Sprint("honest patch ", i), d, err)
		d, err = s.o.Replace(s.o.Context(), s.actor, "case", docID(i), map[string]any{"title": "Replaced", "status": "open"})
		s.note(fmt.Sprint("honest replace ", i), d, err)
	}
}

// Whoever cannot see a field that the type requires can make documents all the same:
// they are kept and listed for those who can fill it in.
func TestAuthz_HiddenRequiredField(t *testing.T) {
	o := openOffice(t)
	o.publish("case", strictCaseSchema)
	o.rule("case", caseRules)
	d, err := o.Create(t.Context(), wim, "case", docID(1), map[string]any{"title": "x", "status": "open"})
	if err != nil {
		t.Fatalf("a worker cannot create: %v", err)
	}
	if d.Problems != nil {
		t.Errorf("the worker is told of %v", d.Problems)
	}
	if got := o.list(olga, "case", collections.ListRequest{State: collections.Attention}); len(got) != 1 {
		t.Errorf("the owner finds %v to look at", got)
	}
	if got := o.list(eve, "case", collections.ListRequest{State: collections.Attention}); len(got) != 0 {
		t.Errorf("an editor without sight of the field finds %v to look at", got)
	}
	_, err = o.Create(t.Context(), wim, "case", docID(2), map[string]any{"title": "x"})
	if e := wantCode(t, err, collections.Invalid); !strings.Contains(e.Message.String(), "Status") {
		t.Errorf("what the worker can see and left out is refused with %q", e.Message)
	}
}
