package collections_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

const toldSchema = `{"type":"object","title":"Job","properties":{
	"title":{"type":"string","title":"Title"},
	"status":{"type":"string","title":"Status"},
	"assignee":{"type":"string","title":"Assignee"},
	"price":{"type":"number","title":"Price"},
	"note":{"type":"string","title":"Note"}}}`

// Ensure the reasons are the ones a person would give, with what the rule met.
func TestExplain_Reasons(t *testing.T) {
	o := openOffice(t)
	o.publish("job", toldSchema)
	o.rule("job", `{"roles":{"worker":{"see":{"all":[{"field":"assignee","is":"$me"},{"field":"status","not":"done"}]},"delete":false,"hidden":["price"],"readOnly":["status"]}}}`)
	o.put(docID(1), `{"title":"Pump","assignee":"wim","status":"done"}`)
	o.put(docID(2), `{"title":"Pump","assignee":"wim","status":"open"}`)
	o.put(docID(3), `{"title":"Pump","assignee":"wim","status":"open"}`)
	if err := o.Delete(t.Context(), olga, "job", docID(3)); err != nil {
		t.Fatal(err)
	}
	narrowed := wim
	narrowed.Scopes = []string{"read", "type:job"}
	elsewhere := wim
	elsewhere.Scopes = []string{"type:other"}
	for _, c := range []struct {
		as   collections.Actor
		id   string
		want string
	}{
		{wim, docID(1), `see no rule, create yes default, edit no unseen, delete no unseen; Status is not "done"`},
		{wim, docID(2), `see yes rule, create yes default, edit yes default, delete no rule; Assignee is me and Status is not "done"`},
		{wim, docID(3), `see no trash, create yes default, edit no unseen, delete no unseen`},
		{wim, "", `see depends rule, create yes default, edit yes default, delete no rule`},
		{wilo, docID(2), `see no rule, create yes default, edit no unseen, delete no unseen; Assignee is me`},
		{narrowed, docID(2), `see yes rule, create no scopes, edit no scopes, delete no scopes; Assignee is me and Status is not "done"`},
		{elsewhere, docID(2), `see no scopes, create no scopes, edit no unknown, delete no unknown`},
		{eve, docID(3), `see yes default, create yes default, edit yes default, delete no trash`},
		{dana, docID(1), `see yes design, create yes design, edit yes design, delete yes design`},
		{collections.Actor{Name: "x", Role: "guest"}, docID(1), `see no role, create no role, edit no unknown, delete no unknown`},
	} {
		x, err := o.Explain(t.Context(), dana, c.as, "job", c.id)
		if err != nil {
			t.Fatal(err)
		}
		if got := verdicts(x); got != c.want {
			t.Errorf("%s %v of %q: got %s\nwant %s", c.as.Name, c.as.Scopes, c.id, got, c.want)
		}
	}
	x, err := o.Explain(t.Context(), dana, wim, "job", docID(2))
	if err != nil {
		t.Fatal(err)
	}
	want := []collections.FieldVerdict{
		{Key: "title", Title: "Title"}, {Key: "status", Title: "Status", ReadOnly: true}, {Key: "assignee", Title: "Assignee"},
		{Key: "price", Title: "Price", Hidden: true, ReadOnly: true}, {Key: "note", Title: "Note"},
	}
	if !slices.Equal(x.Fields, want) {
		t.Errorf("fields are %v", x.Fields)
	}
}

// put makes a job.
func (o *office) put(id, value string) {
	o.Helper()
	if _, err := o.Create(o.Context(), olga, "job", id, object(o, value)); err != nil {
		o.Fatal(err)
	}
}

// verdicts says an explanation in one line, with the parts that decided about sight.
func verdicts(x *collections.Explanation) string {
	line := fmt.Sprintf("see %s %s, create %s %s, edit %s %s, delete %s %s", x.See.Answer, x.See.Reason,
		x.Create.Answer, x.Create.Reason, x.Edit.Answer, x.Edit.Reason, x.Delete.Answer, x.Delete.Reason)
	if x.See.Told == nil {
		return line
	}
	joint := "; "
	for _, part := range x.See.Told.Because() {
		line += joint + part.Sentence.String()
		joint = " and "
	}
	return line
}

// Ensure nobody learns by asking what they could not learn by looking.
func TestExplain_WhoMayAsk(t *testing.T) {
	o := openOffice(t)
	o.publish("job", toldSchema)
	o.put(docID(1), `{"title":"Pump"}`)
	narrow := dana
	narrow.Scopes = []string{"write"}
	for _, a := range []collections.Actor{eve, wim, narrow, {}} {
		_, err := o.Explain(t.Context(), a, wim, "job", docID(1))
		wantCode(t, err, collections.Forbidden)
		_, err = o.ExplainList(t.Context(), a, wim, "job", collections.ListRequest{})
		wantCode(t, err, collections.Forbidden)
	}
	_, err := o.Explain(t.Context(), dana, wim, "job", docID(2))
	wantCode(t, err, collections.NotFound)
	_, err = o.Explain(t.Context(), dana, wim, "jobs", "")
	wantCode(t, err, collections.NotFound)
}

// Whatever the rules and whoever is asked about, what is explained is what happens when
// that person tries. FIELDSTACK_SEED does not apply: rapid prints how to play a failure again.
func TestExplain_IsWhatHappens(t *testing.T) {
	o := openOffice(t)
	o.publish("job", toldSchema)
	values := map[string]map[string]any{}
	for i := range 12 {
		value := map[string]any{"title": "Pump", "assignee": []string{"wim", "eve", ""}[i%3], "status": []string{"open", "done"}[i%2]}
		if i%4 > 0 {
			value["price"] = float64(i)
		}
		values[docID(i)] = value
		if _, err := o.Create(t.Context(), olga, "job", docID(i), value); err != nil {
			t.Fatal(err)
		}
		if i > 9 {
			if err := o.Delete(t.Context(), olga, "job", docID(i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	made := 100
	rapid.Check(t, func(rt *rapid.T) {
		rules := &collections.Rules{Roles: map[collections.Role]*collections.RoleRules{
			collections.Worker: drawRoleRules(rt), collections.Editor: drawRoleRules(rt),
		}}
		if err := o.SetRules(t.Context(), dana, "job", rules); err != nil {
			rt.Fatalf("rules: %v", err)
		}
		as := rapid.SampledFrom([]collections.Actor{wim, wilo, eve, dana, {Name: "x", Role: "guest"}, {Role: collections.Worker}}).Draw(rt, "as")
		if rapid.IntRange(0, 3).Draw(rt, "narrow") == 0 {
			as.Scopes = rapid.SampledFrom([][]string{{"read"}, {"write"}, {"type:job"}, {"type:other"}, {"odd"}, {}}).Draw(rt, "scopes")
		}
		found := 0
		for id, value := range values {
			x, err := o.Explain(t.Context(), dana, as, "job", id)
			if err != nil {
				rt.Fatalf("explain: %v", err)
			}
			if x.See.Answer == collections.Yes {
				found++
			}
			o.checkTried(rt, as, x, value, &made)
		}
		o.checkOverlook(rt, as, found)
	})
}

// drawRoleRules draws rules that decide by fields which the test's edits leave alone.
func drawRoleRules(t *rapid.T) *collections.RoleRules {
	if rapid.IntRange(0, 4).Draw(t, "none") == 0 {
		return nil
	}
	draw := func(name string) *schema.Condition {
		text := rapid.SampledFrom([]string{
			"", "", "true", "false", `{"field":"assignee","is":"$me"}`, `{"field":"status","not":"done"}`,
			`{"all":[{"field":"assignee","is":"$me"},{"field":"price","above":3}]}`, `{"none":[{"field":"price","empty":true}]}`,
			`{"any":[{"field":"status","is":"open"},{"field":"assignee","empty":true}]}`,
		}).Draw(t, name)
		if text == "" {
			return nil
		}
		c, err := schema.ParseCondition([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	keys := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"title", "status", "assignee", "price", "note"}), 0, 2, rapid.ID[string])
	return &collections.RoleRules{
		See: draw("see"), Create: draw("create"), Edit: draw("edit"), Delete: draw("delete"),
		Hidden: keys.Draw(t, "hidden"), ReadOnly: keys.Draw(t, "read only"),
	}
}

// checkTried tries all that is explained of one record.
func (o *office) checkTried(t *rapid.T, as collections.Actor, x *collections.Explanation, value map[string]any, made *int) {
	ctx, id := o.Context(), x.Record
	hidden, locked := map[string]bool{}, map[string]bool{}
	for _, f := range x.Fields {
		hidden[f.Key], locked[f.Key] = f.Hidden, f.ReadOnly
	}
	_, err := o.Grant(as, "job")
	check(t, "knows", x.Knows, err)
	d, err := o.Get(ctx, as, "job", id)
	check(t, "see", x.See.Answer == collections.Yes, err)
	if err == nil {
		for key := range value {
			if _, there := d.Value[key]; there == hidden[key] {
				t.Fatalf("%s is hidden: explained %v, and it is there: %v", key, hidden[key], there)
			}
		}
	}
	_, err = o.Patch(ctx, as, "job", id, map[string]any{"note": fmt.Sprint("edit ", *made)})
	check(t, "edit", x.Edit.Answer == collections.Yes && !locked["note"], err)
	if x.Deleted { // an edit took it out of the trash
		if err := o.Delete(ctx, olga, "job", id); err != nil {
			t.Fatal(err)
		}
	}
	mine := maps.Clone(value)
	maps.DeleteFunc(mine, func(key string, _ any) bool { return locked[key] })
	*made++
	_, err = o.Create(ctx, as, "job", docID(*made), mine)
	check(t, "create", x.Create.Answer == collections.Yes, err)
	if err == nil { // out of the way of lists
		if _, err := o.Patch(ctx, olga, "job", docID(*made), map[string]any{"title": "Made"}); err != nil {
			t.Fatal(err)
		}
	}
	if !x.Deleted {
		err = o.Delete(ctx, as, "job", id)
		check(t, "delete", x.Delete.Answer == collections.Yes, err)
		if err == nil {
			if _, err := o.Restore(ctx, olga, "job", id); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// check holds an explanation to an answer: refused is Forbidden or NotFound.
func check(t *rapid.T, what string, explained bool, err error) {
	var refusal *collections.Error
	if err != nil && !errors.As(err, &refusal) {
		t.Fatal(err)
	}
	if refusal != nil && refusal.Code != collections.Forbidden && refusal.Code != collections.NotFound {
		t.Fatalf("%s: %v", what, refusal)
	}
	if explained != (refusal == nil) {
		t.Fatalf("%s: explained %v, and what happened was %v", what, explained, err)
	}
}

// checkOverlook holds the view over a list to what a list gives.
func (o *office) checkOverlook(t *rapid.T, as collections.Actor, found int) {
	pumps, err := schema.ParseCondition([]byte(`{"field":"title","is":"Pump"}`))
	if err != nil {
		t.Fatal(err)
	}
	look, err := o.ExplainList(o.Context(), dana, as, "job", collections.ListRequest{Where: pumps, State: collections.Any, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	if look.Looked < 12 || look.More {
		t.Fatalf("looked at %d, more %v", look.Looked, look.More)
	}
	mine := 0
	for _, r := range look.Records {
		_, err := o.Get(o.Context(), as, "job", r.Document.ID)
		check(t, "list", r.See.Answer == collections.Yes, err)
		if r.See.Answer == collections.Yes {
			mine++
		}
	}
	if mine != look.Found || mine < found {
		t.Fatalf("found %d, counted %d, and %d of the first", look.Found, mine, found)
	}
}
