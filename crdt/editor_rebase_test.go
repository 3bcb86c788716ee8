package crdt

import "testing"

// TestRebase holds each strategy to what its two authors would expect: one began with
// before and made after of it, the other has made now of it meanwhile.
func TestRebase(t *testing.T) {
	plan := &Plan{Strategy: Map, Fields: map[string]*Plan{
		"title": {Strategy: Register}, "hours": {Strategy: Counter}, "notes": {Strategy: Text}, "tags": {Strategy: Set},
		"meter": {Strategy: Max}, "verdict": {Strategy: Conflict},
		"parts":   {Strategy: List, Row: &Plan{Strategy: Map, Fields: map[string]*Plan{"name": {Strategy: Register}, "n": {Strategy: Counter}}}},
		"work":    {Strategy: Map, Fields: map[string]*Plan{"hours": {Strategy: Counter}}},
		"address": {Strategy: Map, Fields: map[string]*Plan{"city": {Strategy: Register}, "zip": {Strategy: Register}, "word": {Strategy: Conflict}}},
	}}
	for _, c := range []struct{ name, field, before, after, now, want string }{
		{"nobody else was here", "title", `{"title":"a"}`, `{"title":"b"}`, `{"title":"a"}`, `{"title":"b"}`},
		{"the later one stays", "title", `{"title":"a"}`, `{"title":"b"}`, `{"title":"c"}`, `{"title":"b"}`},
		{"what was not touched stays as it is", "title", `{"title":"a"}`, `{"title":"a"}`, `{"title":"c"}`, `{"title":"c"}`},
		{"removed here, changed there", "title", `{"title":"a"}`, `{}`, `{"title":"c"}`, `{}`},
		{"other fields are not looked at", "title", `{"title":"a","hours":1}`, `{"title":"b"}`, `{"title":"a","hours":3}`, `{"hours":3,"title":"b"}`},
		{"amounts add up", "hours", `{"hours":2}`, `{"hours":3}`, `{"hours":2.5}`, `{"hours":3.5}`},
		{"amounts add up where there was none", "hours", `{}`, `{"hours":1}`, `{"hours":2.5}`, `{"hours":3.5}`},
		{"amounts add up where both added the same", "hours", `{"hours":2}`, `{"hours":3}`, `{"hours":3}`, `{"hours":4}`},
		{"in an object too", "work", `{"work":{"hours":2}}`, `{"work":{"hours":3}}`, `{"work":{"hours":3}}`, `{"work":{"hours":4}}`},
		{"a text that is there already", "notes", `{"notes":"pump"}`, `{"notes":"the pump"}`, `{"notes":"the pump"}`, `{"notes":"the pump"}`},
		{"both texts stay", "notes", `{"notes":"pump"}`, `{"notes":"the pump"}`, `{"notes":"pump leaks"}`, `{"notes":"the pump leaks"}`},
		{"additions stay, what was removed goes", "tags", `{"tags":["a","b"]}`, `{"tags":["b","x"]}`, `{"tags":["a","b","y"]}`, `{"tags":["b","x","y"]}`},
		{"the larger stays", "meter", `{"meter":1}`, `{"meter":5}`, `{"meter":9}`, `{"meter":9}`},
		{"rows of both stay", "parts", `{"parts":[{"name":"seal"}]}`, `{"parts":[{"name":"seal"},{"name":"bolt"}]}`, `{"parts":[{"name":"hose"},{"name":"seal"}]}`,
			`{"parts":[{"name":"hose"},{"name":"seal"},{"name":"bolt"}]}`},
		{"fields of an object", "address", `{"address":{"city":"A","zip":"1"}}`, `{"address":{"city":"B","zip":"1"}}`, `{"address":{"city":"A","zip":"2"}}`,
			`{"address":{"city":"B","zip":"2"}}`},
	} {
		d := rebased(t, c.field, c.before, c.after, c.now, plan)
		if got := Canonical(d.Value()); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	d := rebased(t, "verdict", `{"verdict":"ok"}`, `{"verdict":"bad"}`, `{"verdict":"good"}`, plan)
	if all := d.Disagreements(); len(all) != 1 || len(all[0].Values) != 2 {
		t.Errorf("both values of a conflict field stay: %+v", all)
	}
	d = rebased(t, "address", `{"address":{"word":"ok"}}`, `{"address":{"word":"bad"}}`, `{"address":{"word":"good"}}`, plan)
	if all := d.Disagreements(); len(all) != 1 || len(all[0].Values) != 2 {
		t.Errorf("both values of a conflict field inside an object stay: %+v", all)
	}
	d = rebased(t, "verdict", `{"verdict":"ok"}`, `{"verdict":"bad"}`, `{"verdict":"ok"}`, plan)
	if all := d.Disagreements(); len(all) != 0 {
		t.Errorf("a value that was seen makes way: %+v", all)
	}
}

// TestRebase_Refused sees that what does not fit is an error, and adds nothing.
func TestRebase_Refused(t *testing.T) {
	plan := &Plan{Strategy: Map, Fields: map[string]*Plan{"meter": {Strategy: Max}}}
	e := written(t, `{"meter":5}`, plan).Edit(9, plan)
	if err := e.Rebase("meter", object(t, `{"meter":5}`), object(t, `{"meter":3}`)); err == nil || len(e.Ops()) != 0 {
		t.Errorf("a meter that runs back: %v, %v", err, e.Ops())
	}
	if err := e.Rebase("x", nil, map[string]any{"x": 1e17}); err == nil || len(e.Ops()) != 0 {
		t.Errorf("a number that is no value: %v, %v", err, e.Ops())
	}
}

func rebased(t *testing.T, field, before, after, now string, plan *Plan) *Document {
	t.Helper()
	d := written(t, now, plan)
	e := d.Edit(9, plan)
	if err := e.Rebase(field, object(t, before), object(t, after)); err != nil {
		t.Fatal(err)
	}
	if ops := e.Ops(); len(ops) > 0 {
		if _, err := d.Apply(&Change{Replica: 9, N: 1, Stamp: NewTime(9, 0), Ops: ops}); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// written gives a document that one change made equal to value.
func written(t *testing.T, value string, plan *Plan) *Document {
	t.Helper()
	d := NewDocument()
	ops, err := d.Diff(1, object(t, value), plan)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Apply(&Change{Replica: 1, N: 1, Stamp: NewTime(1, 0), Ops: ops}); err != nil {
		t.Fatal(err)
	}
	return d
}

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	v, err := ParseValue([]byte(text), Limits{Bytes: 1 << 20, Depth: 32, Nodes: 1000, String: 1 << 16, Ops: 100})
	if err != nil {
		t.Fatal(err)
	}
	return v.(map[string]any)
}
