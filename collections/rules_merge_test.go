package collections_test

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"github.com/fieldstack/fieldstack/collections"
)

// Ensure two people who change different rules at the same time both get theirs, and who
// changes the same one to another thing is told, with nothing written.
func TestMergeRules(t *testing.T) {
	const (
		mine  = `{"field":"assignee","is":"$me"}`
		open  = `{"field":"status","is":"open"}`
		start = `{"roles":{"worker":{"see":` + mine + `,"hidden":["price"],"readOnly":["status"]}}}`
	)
	for name, c := range map[string]struct{ now, to, want, clash string }{
		"nothing":       {start, start, start, ""},
		"mine alone":    {start, `{"roles":{"worker":{"see":` + mine + `}}}`, `{"roles":{"worker":{"see":` + mine + `}}}`, ""},
		"another rule":  {`{"roles":{"worker":{"see":` + mine + `,"delete":false,"hidden":["price"],"readOnly":["status"]}}}`, `{"roles":{"worker":{"see":` + open + `,"hidden":["price"],"readOnly":["status"]}}}`, `{"roles":{"worker":{"see":` + open + `,"delete":false,"hidden":["price"],"readOnly":["status"]}}}`, ""},
		"other keys":    {`{"roles":{"worker":{"see":` + mine + `,"hidden":["price","note"]}}}`, `{"roles":{"worker":{"see":` + mine + `,"hidden":["title"],"readOnly":["status"]}}}`, `{"roles":{"worker":{"see":` + mine + `,"hidden":["note","title"]}}}`, ""},
		"the same":      {`{"roles":{"worker":{"see":false,"hidden":["price"],"readOnly":["status"]}}}`, `{"roles":{"worker":{"see":false,"hidden":["price"],"readOnly":["status"]}}}`, `{"roles":{"worker":{"see":false,"hidden":["price"],"readOnly":["status"]}}}`, ""},
		"one rule, two": {`{"roles":{"worker":{"see":false,"hidden":["price"],"readOnly":["status"]}}}`, `{"roles":{"worker":{"see":` + open + `}}}`, `{"roles":{"worker":{"see":false,"hidden":["price"],"readOnly":["status"]}}}`, "worker see"},
		"taken away":    {`{"roles":{"worker":{"hidden":["price"],"readOnly":["status"]}}}`, `{"roles":{"worker":{"see":` + open + `,"hidden":["price"],"readOnly":["status"]}}}`, `{"roles":{"worker":{"hidden":["price"],"readOnly":["status"]}}}`, "worker see"},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			o.publish("job", toldSchema)
			o.rule("job", c.now)
			m, err := o.MergeRules(t.Context(), dana, "job", rulesOf(t, start), rulesOf(t, c.to))
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, clash := range m.Clashes {
				got += string(clash.Role) + " " + clash.What
			}
			if got != c.clash {
				t.Errorf("clashes: %q, want %q", got, c.clash)
			}
			now, err := o.Rules(t.Context(), dana, "job")
			if err != nil {
				t.Fatal(err)
			}
			if got, want := asJSON(t, now), asJSON(t, rulesOf(t, c.want)); got != want {
				t.Errorf("rules are %s\nwant      %s", got, want)
			}
		})
	}
}

func rulesOf(t *testing.T, text string) *collections.Rules {
	t.Helper()
	rules, err := collections.ParseRules([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// Whoever changes what nobody else touched gets exactly what they asked for, and a merge
// is checked as any rules are.
func TestMergeRules_Alone(t *testing.T) {
	o := openOffice(t)
	o.publish("job", toldSchema)
	rapid.Check(t, func(rt *rapid.T) {
		now, err := o.Rules(context.Background(), dana, "job")
		if err != nil {
			rt.Fatal(err)
		}
		to := &collections.Rules{Roles: map[collections.Role]*collections.RoleRules{
			collections.Worker: drawRoleRules(rt), collections.Editor: drawRoleRules(rt),
		}}
		m, err := o.MergeRules(context.Background(), dana, "job", now, to)
		if err != nil || m.Clashes != nil {
			rt.Fatalf("clashes %v, error %v", m.Clashes, err)
		}
		for _, a := range []collections.Actor{wim, eve} {
			got, gotErr := o.Grant(a, "job")
			if err := o.SetRules(context.Background(), dana, "job", to); err != nil {
				rt.Fatal(err)
			}
			want, wantErr := o.Grant(a, "job")
			if asJSON(o, got) != asJSON(o, want) || (gotErr == nil) != (wantErr == nil) {
				rt.Fatalf("%s may %s, want %s", a.Name, asJSON(o, got), asJSON(o, want))
			}
		}
	})
	bad := &collections.Rules{Roles: map[collections.Role]*collections.RoleRules{collections.Worker: {Hidden: []string{"gone"}}}}
	_, err := o.MergeRules(t.Context(), dana, "job", nil, bad)
	wantCode(t, err, collections.Invalid)
	_, err = o.MergeRules(t.Context(), eve, "job", nil, nil)
	wantCode(t, err, collections.Forbidden)
}
