package collections_test

import (
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
)

func TestRole_Includes(t *testing.T) {
	order := []collections.Role{collections.Owner, collections.Designer, collections.Editor, collections.Worker}
	for i, higher := range order {
		for j, lower := range order {
			if got := higher.Includes(lower); got != (i <= j) {
				t.Errorf("%s includes %s: %v", higher, lower, got)
			}
		}
		for _, none := range []collections.Role{"", "admin", "OWNER"} {
			if higher.Includes(none) || none.Includes(higher) || none.Includes(none) {
				t.Errorf("%q is taken for a role beside %s", none, higher)
			}
		}
	}
}

// Rules are read as they are written, and nothing that is misspelt is let through: it
// would be a rule that does not hold.
func TestParseRules(t *testing.T) {
	const whole = `{"roles":{"editor":{"readOnly":["price"]},"worker":{"see":{"field":"assignee","is":"$me"},"create":false,"edit":{"all":[{"field":"status","not":"done"}]},"delete":false,"hidden":["price","cost"]}}}`
	rules, err := collections.ParseRules([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	if got := asJSON(t, rules); got != whole {
		t.Errorf("rules come back as\n%s, want\n%s", got, whole)
	}
	for text, want := range map[string]string{
		`{"roles":{"worker":{"sees":true}}}`:                 "sees",
		`{"roles":{"worker":{"see":true,"See":false}}}`:      "See",
		`{"roles":{"worker":{"see":{"field":"a"}}}}`:         "worker",
		`{"roles":{"worker":{"see":true,"see":false}}}`:      "see",
		`{"roles":{"workers":{}}}`:                           "workers",
		`{"rules":{}}`:                                       "rules",
		`{"roles":{"worker":{"hidden":"price"}}}`:            "list",
		`{"roles":{"worker":{"hidden":[1]}}}`:                "1",
		`{"roles":[]}`:                                       "[]",
		`[]`:                                                 "[]",
		`{"roles":{"worker":{"see":true}}} {}`:               "rules",
		`{"roles":{"worker":{"readonly":["a"]}}}`:            "readonly",
		`{"roles":{"worker":{"see":{"field":"a","is":{}}}}}`: "worker",
	} {
		_, err := collections.ParseRules([]byte(text))
		if e := wantCode(t, err, collections.Invalid); !strings.Contains(e.Message.String(), want) {
			t.Errorf("%s is refused with %q, which does not name %q", text, e.Message, want)
		}
	}
}

// What each role may do without rules, with rules, and through a token.
func TestGrant_RolesAndScopes(t *testing.T) {
	rules, err := collections.ParseRules([]byte(`{"roles":{
		"owner":{"see":false},
		"editor":{"delete":false,"readOnly":["price"]},
		"worker":{"see":{"field":"assignee","is":"$me"},"create":false,"hidden":["price"]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	mine, other := map[string]any{"assignee": "wim"}, map[string]any{"assignee": "wilo"}
	for _, c := range []struct {
		name   string
		role   collections.Role
		scopes []string
		rules  *collections.Rules
		want   string // see, create, edit, delete of mine, then see of other's, trash, hidden, read-only
	}{
		{"owner", collections.Owner, nil, nil, "yyyyy trash"},
		{"designer", collections.Designer, nil, nil, "yyyyy trash"},
		{"editor", collections.Editor, nil, nil, "yyyyy trash"},
		{"worker", collections.Worker, nil, nil, "yyyyy"},
		{"nobody", "", nil, nil, "-----"},
		{"unknown role", "admin", nil, nil, "-----"},
		{"rules do not bind an owner", collections.Owner, nil, rules, "yyyyy trash"},
		{"editor with rules", collections.Editor, nil, rules, "yyy-y trash price-readonly"},
		{"worker with rules", collections.Worker, nil, rules, "y-yy- price-hidden"},
		{"read token", collections.Owner, []string{"read"}, nil, "y---y trash"},
		{"write token", collections.Worker, []string{"write"}, nil, "yyyyy"},
		{"read and write token", collections.Worker, []string{"read", "write"}, nil, "yyyyy"},
		{"token for the type", collections.Editor, []string{"type:job"}, nil, "yyyyy trash"},
		{"token for two types", collections.Worker, []string{"type:site", "type:job"}, nil, "yyyyy"},
		{"token for another type", collections.Owner, []string{"type:site"}, nil, "-----"},
		{"read token for the type", collections.Owner, []string{"read", "type:job"}, nil, "y---y trash"},
		{"write token for another type", collections.Owner, []string{"write", "type:jobs"}, nil, "-----"},
		{"a scope of tomorrow", collections.Owner, []string{"write", "export"}, nil, "-----"},
		{"no scope at all", collections.Owner, []string{}, nil, "-----"},
		{"a token widens no rules", collections.Worker, []string{"write", "type:job"}, rules, "y-yy- price-hidden"},
	} {
		t.Run(c.name, func(t *testing.T) {
			actor := collections.Actor{User: "u", Name: "wim", Role: c.role, Scopes: c.scopes}
			if got := tellGrant(collections.GrantOf(actor, "job", c.rules, 0), mine, other); got != c.want {
				t.Errorf("grant is %q, want %q", got, c.want)
			}
		})
	}
}

// tellGrant says a grant in few letters.
func tellGrant(g *collections.Grant, mine, other map[string]any) string {
	text := ""
	for _, may := range []bool{g.See.Match(mine), g.Create.Match(mine), g.Edit.Match(mine), g.Delete.Match(mine), g.See.Match(other)} {
		if may {
			text += "y"
		} else {
			text += "-"
		}
	}
	for name, is := range map[string]bool{" trash": g.Trash} {
		if is {
			text += name
		}
	}
	switch {
	case g.Hidden["price"]:
		text += " price-hidden"
	case g.ReadOnly["price"]:
		text += " price-readonly"
	}
	if g.MayWriteField("price") == (g.Hidden["price"] || g.ReadOnly["price"]) {
		text += " but the field can be written"
	}
	return text
}

const jobSchema = `{"type":"object","title":"Job","properties":{
	"title":{"type":"string","title":"Title"},
	"status":{"enum":["open","done"],"title":"Status"},
	"assignee":{"type":"string","title":"Assignee"},
	"price":{"type":"number","title":"Price"}}}`

// Rules that do not fit the type are refused with the place; what fits holds at once.
func TestSetRules(t *testing.T) {
	o := openOffice(t)
	o.publish("job", jobSchema)
	for text, want := range map[string]string{
		`{"roles":{"worker":{"see":{"field":"asignee","is":"$me"}}}}`: "asignee",
		`{"roles":{"worker":{"edit":{"field":"price","has":1}}}}`:     "Price",
		`{"roles":{"worker":{"hidden":["cost"]}}}`:                    "cost",
		`{"roles":{"editor":{"readOnly":["cost"]}}}`:                  "cost",
		`{"roles":{"designer":{"hidden":["price"]}}}`:                 "designer",
		`{"roles":{"owner":{"see":false}}}`:                           "owner",
	} {
		rules, err := collections.ParseRules([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		err = o.SetRules(t.Context(), dana, "job", rules)
		if e := wantCode(t, err, collections.Invalid); !strings.Contains(e.Message.String(), want) {
			t.Errorf("%s is refused with %q, which does not name %q", text, e.Message, want)
		}
	}
	o.rule("job", `{"roles":{"worker":{"see":{"field":"assignee","is":"$me"},"hidden":["price"]}}}`)
	g, err := o.Grant(wim, "job")
	if err != nil {
		t.Fatal(err)
	}
	if !g.See.Match(map[string]any{"assignee": "wim"}) || g.See.Match(map[string]any{"assignee": "wilo"}) || !g.Hidden["price"] {
		t.Errorf("the rules do not hold: %s", asJSON(t, g.See))
	}
	back, err := o.Rules(t.Context(), dana, "job")
	if err != nil || asJSON(t, back) != `{"roles":{"worker":{"see":{"field":"assignee","is":"$me"},"hidden":["price"]}}}` {
		t.Errorf("rules read back as %s, %v", asJSON(t, back), err)
	}
	o.rule("job", `{}`)
	if g, err = o.Grant(wim, "job"); err != nil || g.Hidden["price"] {
		t.Errorf("rules that were taken away still hold (%v)", err)
	}
}

// A field that another is described by cannot be hidden from who sees the other.
func TestSetRules_HidesWhatOthersNeed(t *testing.T) {
	o := openOffice(t)
	o.publish("job", `{"type":"object","properties":{"price":{"type":"number"},"cost":{"$ref":"#/properties/price"}}}`)
	rules, err := collections.ParseRules([]byte(`{"roles":{"worker":{"hidden":["price"]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	err = o.SetRules(t.Context(), dana, "job", rules)
	if e := wantCode(t, err, collections.Invalid); !strings.Contains(e.Message.String(), "price") {
		t.Errorf("refused with %q", e.Message)
	}
	o.rule("job", `{"roles":{"worker":{"hidden":["price","cost"]}}}`)
	if types, err := o.Types(t.Context(), wim); err != nil || len(types) != 1 {
		t.Errorf("types: %v, %v", types, err)
	}
}

// Rules are there again after the server was started anew.
func TestSetRules_Kept(t *testing.T) {
	o := openOffice(t)
	o.publish("job", jobSchema)
	o.rule("job", `{"roles":{"worker":{"hidden":["price"]}}}`)
	o.rule("job", `{"roles":{"worker":{"hidden":["price","status"]}}}`)
	again := openOfficeOn(t, o.store)
	g, err := again.Grant(wim, "job")
	if err != nil || !g.Hidden["status"] || !g.Hidden["price"] {
		t.Errorf("after a start the grant is %+v, %v", g, err)
	}
}

// A type of which somebody may see and create nothing is one that does not exist.
func TestGrant_UnknownType(t *testing.T) {
	o := openOffice(t)
	o.publish("job", jobSchema)
	o.rule("job", `{"roles":{"worker":{"see":false,"create":false}}}`)
	_, hidden := o.Grant(wim, "job")
	_, missing := o.Grant(wim, "jab")
	if h, m := wantCode(t, hidden, collections.NotFound), wantCode(t, missing, collections.NotFound); strings.ReplaceAll(h.Message.String(), "job", "jab") != m.Message.String() {
		t.Errorf("%q can be told from %q", h.Message, m.Message)
	}
	types, err := o.Types(t.Context(), wim)
	if err != nil || len(types) != 0 {
		t.Errorf("the type is listed: %v, %v", types, err)
	}
	if _, err := o.Type(t.Context(), wim, "job", 1); err == nil {
		t.Error("the type can be read")
	}
	o.rule("job", `{"roles":{"worker":{"see":false}}}`)
	if _, err := o.Grant(wim, "job"); err != nil {
		t.Errorf("who may create but not see knows the type: %v", err)
	}
}

// Only a designer with a whole session edits types and rules.
func TestDesign_Forbidden(t *testing.T) {
	o := openOffice(t)
	o.publish("job", jobSchema)
	narrowed := dana
	narrowed.Scopes = []string{"write"}
	for name, a := range map[string]collections.Actor{"worker": wim, "editor": eve, "token": narrowed, "nobody": {}} {
		ctx := t.Context()
		_, err := o.SaveDraft(ctx, a, collections.Draft{Name: "job", Schema: []byte(jobSchema)})
		errs := map[string]error{"save": err}
		_, errs["drafts"] = o.Drafts(ctx, a)
		_, errs["draft"] = o.Draft(ctx, a, "job")
		errs["discard"] = o.DiscardDraft(ctx, a, "job")
		_, _, errs["publish"] = o.Publish(ctx, a, "job", nil)
		_, errs["preview"] = o.Preview(ctx, a, "job")
		_, errs["rules"] = o.Rules(ctx, a, "job")
		errs["set rules"] = o.SetRules(ctx, a, "job", &collections.Rules{})
		for call, err := range errs {
			t.Run(name+" "+call, func(t *testing.T) { wantCode(t, err, collections.Forbidden) })
		}
	}
}
