package collections_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// readOnly makes fields of orders read-only for workers; "" ends that.
func (d *depot) readOnly(fields string) {
	d.Helper()
	d.rule("order", `{"roles":{"worker":{"readOnly":[`+fields+`]}}}`)
}

// Ensure a refused change that was mended goes by itself, and one of which something is
// still lost stays.
func TestRefusals_Settled(t *testing.T) {
	const all = `"title","status","assignee","notes","hours","reading","tags","parts"`
	type step func(d *depot, v *device, id string)
	wim := func(value string) step { return func(_ *depot, v *device, id string) { v.put("order", id, value) } }
	eves := func(values ...string) step {
		return func(d *depot, _ *device, id string) {
			for _, value := range values {
				d.patch(eve, "order", id, value)
			}
		}
	}
	trash := func(d *depot, _ *device, id string) {
		if err := d.Delete(d.Context(), eve, "order", id); err != nil {
			d.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		refused string // what wim's device writes in vain
		before  step   // what comes in before that is sent
		then    step   // and after
		stays   bool
	}{
		"its device wrote the field again":  {refused: `{"title":"Pmup"}`, then: wim(`{"title":"Pump 2"}`)},
		"its device wrote another field":    {refused: `{"title":"Pmup"}`, then: wim(`{"status":"done"}`), stays: true},
		"it wrote only one of two again":    {refused: `{"title":"Pmup","assignee":"wilo"}`, then: wim(`{"title":"Pump 2"}`), stays: true},
		"one written again, one as it is":   {refused: `{"title":"Pmup","assignee":"wilo"}`, before: eves(`{"assignee":"wilo"}`), then: wim(`{"title":"Pump 2"}`)},
		"somebody wrote the same":           {refused: `{"title":"Valve"}`, then: eves(`{"title":"Valve"}`)},
		"somebody wrote something else":     {refused: `{"title":"Valve"}`, then: eves(`{"title":"Tap"}`), stays: true},
		"a reading that is higher now":      {refused: `{"reading":70}`, then: eves(`{"reading":80}`)},
		"a reading that is still lower":     {refused: `{"reading":70}`, then: eves(`{"reading":60}`), stays: true},
		"a record that went meanwhile":      {refused: `{"reading":70}`, before: eves(`{"reading":80}`), then: trash, stays: true},
		"the same amount":                   {refused: `{"hours":3}`, then: wim(`{"hours":3}`), stays: true},
		"the same text":                     {refused: `{"notes":"leaks"}`, then: wim(`{"notes":"leaks"}`), stays: true},
		"the same row":                      {refused: `{"parts":[{"name":"seal"}]}`, then: wim(`{"parts":[{"name":"seal"}]}`), stays: true},
		"the same tag":                      {refused: `{"tags":["a","b"]}`, then: eves(`{"tags":["b","a"]}`)},
		"a tag that somebody else took out": {refused: `{"tags":[]}`, then: eves(`{"tags":["c"]}`)},
		"a tag that had come back":          {refused: `{"tags":[]}`, before: eves(`{"tags":[]}`, `{"tags":["a"]}`), then: eves(`{"status":"done"}`), stays: true},
	} {
		t.Run(name, func(t *testing.T) {
			d := openDepot(t)
			id := d.order(1, `{"title":"Pump","tags":["a"]}`)
			v := d.device(wilo, 0xa)
			v.sync()
			v.put("order", id, c.refused)
			if c.before != nil {
				c.before(d, v, id)
			}
			d.readOnly(all)
			v.refuse()
			d.readOnly("")
			v.sync()
			if kept := d.refusals(eve, ""); len(kept) != 1 {
				t.Fatalf("there are %s", asJSON(t, kept))
			}
			c.then(d, v, id)
			v.sync()
			d.wantRefusals(c.stays)
		})
	}
}

// wantRefusals fails unless there is one, or none, before and after a restart.
func (d *depot) wantRefusals(one bool) {
	d.Helper()
	for range 2 {
		left := d.refusals(eve, "")
		if len(left) == 1 != one {
			d.Fatalf("there are %s", asJSON(d.T, left))
		}
		waitFor(d.T, "what went to be out of the store", func() bool {
			items, err := d.store.Items(d.Context(), "refused", "", 9)
			return err == nil && len(items) == len(left)
		})
		d.open()
	}
}

// Ensure a deletion that was refused stays although an edit stands against it, until the
// record is in the trash; and that a record made anew under its id settles its creation.
func TestRefusals_SettledWhole(t *testing.T) {
	d := openDepot(t)
	id := d.order(1, `{"title":"Pump"}`)
	v := d.device(wim, 0xa)
	v.sync()
	d.rule("order", `{"roles":{"worker":{"delete":{"field":"status","is":"done"}}}}`)
	v.edit("order", id, func(e *crdt.Editor) error { e.Delete(); return nil })
	v.refuse()
	d.patch(eve, "order", id, `{"notes":"leaks"}`)
	d.wantRefusals(true)
	if err := d.Delete(d.Context(), eve, "order", id); err != nil {
		t.Fatal(err)
	}
	d.wantRefusals(false)

	v.put("order", docID(2), `{"notes":"a long story"}`)
	v.refuse()
	d.order(3, `{"title":"Valve","notes":"a long story"}`)
	d.wantRefusals(true)
	v.put("order", docID(2), `{"title":"Valve"}`)
	v.sync()
	d.wantRefusals(false)
}

// Ensure what is refused and mended in one push is settled too: a device that was
// offline sends both at once.
func TestRefusals_SettledAtOnce(t *testing.T) {
	d := openDepot(t)
	id := d.order(1, `{"title":"Pump"}`)
	change := func(n uint64, field string, value any) *crdt.Change {
		return &crdt.Change{Replica: 0xa, N: n, Stamp: crdt.NewTime(d.millis.Load(), 0), Type: "order", Version: 1, Doc: id, Ops: []crdt.Op{set(field, value)}}
	}
	results, err := d.push(wim, 0xa, change(1, "status", "odd"), change(2, "status", "done"), change(3, "title", "Valve"), change(4, "title", 7.0))
	if err != nil || results[0].OK || !results[1].OK || !results[2].OK || results[3].OK {
		t.Fatalf("the push is answered %s, %v", asJSON(t, results), err)
	}
	d.wantRefusals(true)
	if left := d.refusals(eve, "")[0]; left.N != 4 {
		t.Errorf("what stays is change %d", left.N)
	}
	other := change(1, "title", "Tap")
	other.Replica = 0xb // which may never have heard of it
	if _, err := d.push(wim, 0xb, other); err != nil {
		t.Fatal(err)
	}
	d.wantRefusals(true)
}

// Ensure a refusal that is damaged stops nobody from writing.
func TestRefusals_SettledDamaged(t *testing.T) {
	d := openDepot(t)
	id := d.order(1, `{"title":"Pump"}`)
	v := d.device(wim, 0xa)
	v.sync()
	v.put("order", id, `{"status":"odd"}`)
	v.refuse()
	kept := d.refusals(eve, "")[0].ID
	if err := d.store.DeleteItem(t.Context(), "refused", kept); err != nil {
		t.Fatal(err)
	}
	if err := d.store.PutItem(t.Context(), collections.Item{Kind: "refused", Key: kept, Data: []byte(`{"change":7}`)}); err != nil {
		t.Fatal(err)
	}
	if doc := d.patch(eve, "order", id, `{"status":"done"}`); doc.Value["status"] != "done" {
		t.Errorf("it is %s", asJSON(t, doc))
	}
}

// unsettled is the dumb model of a refused change: what of it nobody can find any more.
type unsettled struct {
	id    string
	wrote map[string]any // by field, as a whole
	out   []any          // the tags it takes out
}

// lost reports whether anything of it is, in a record as it is now and after its device
// wrote some fields.
func (u unsettled) lost(now map[string]any, own map[string]any) bool {
	for field, wrote := range u.wrote {
		_, again := own[field]
		switch tags, _ := now[field].([]any); field {
		case "hours", "notes":
			return true
		case "tags":
			missing := func(tag any) bool { return !slices.Contains(tags, tag) }
			if slices.ContainsFunc(wrote.([]any), missing) || slices.ContainsFunc(u.out, func(tag any) bool { return !missing(tag) }) {
				return true
			}
		default:
			if !again && now[field] != wrote {
				return true
			}
		}
	}
	return false
}

// Ensure that, whatever people do, exactly those refusals go by themselves of which
// nothing is lost by the word of the model.
func TestRefusals_SettledModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := openDepot(t)
		id := d.order(1, `{"title":"Pump","tags":["a"]}`)
		v := d.device(wim, 0xa)
		v.sync()
		var kept []unsettled
		for step := range rapid.IntRange(3, 12).Draw(rt, "steps") {
			d.millis.Add(1)
			was, own := d.document("order", id).Value(), map[string]any{}
			value := drawWrite(rt, step, was)
			who := rapid.SampledFrom([]string{"refused", "wim", "eve"}).Draw(rt, "who")
			if who == "eve" {
				d.patch(eve, "order", id, asJSON(t, value))
			} else if v.put("order", id, asJSON(t, value)) == nil {
				continue
			}
			switch who {
			case "refused":
				d.readOnly(`"title","assignee","tags","hours","notes"`)
				v.refuse()
				d.readOnly("")
				kept = append(kept, unsettled{d.refusals(eve, "")[0].ID, value, takenOut(was, value)})
			case "wim":
				own = value
			}
			v.sync()
			now := d.document("order", id).Value()
			kept = slices.DeleteFunc(kept, func(u unsettled) bool { return !u.lost(now, own) })
			var want, got []string
			for _, u := range slices.Backward(kept) {
				want = append(want, u.id)
			}
			for _, r := range d.refusals(eve, "") {
				got = append(got, r.ID)
			}
			if !slices.Equal(got, want) {
				rt.Fatalf("kept are %v, the model says %v; the record is %s", got, want, asJSON(t, now))
			}
		}
	})
}

// takenOut lists the tags of one value that another, where it has tags, has no more.
func takenOut(was, is map[string]any) (out []any) {
	tags, there := is["tags"].([]any)
	before, _ := was["tags"].([]any)
	for _, tag := range before {
		if there && !slices.Contains(tags, tag) {
			out = append(out, tag)
		}
	}
	return out
}

// drawWrite draws a few fields of an order, of every kind of strategy, that are to be
// something else than they were.
func drawWrite(t *rapid.T, step int, was map[string]any) map[string]any {
	value := map[string]any{}
	for _, field := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"title", "assignee", "tags", "hours", "notes"}), 1, 2, rapid.ID[string]).Draw(t, "fields") {
		switch field {
		case "tags":
			value[field] = []any{"a", rapid.SampledFrom([]any{"b", "c"}).Draw(t, "tag")}
		case "hours":
			value[field] = float64(step + 1)
		case "notes":
			value[field] = fmt.Sprintf("note %d", step)
		default:
			value[field] = rapid.SampledFrom([]any{"x", "y"}).Draw(t, field)
		}
		if crdt.EqualValues(value[field], was[field]) {
			delete(value, field)
		}
	}
	return value
}
