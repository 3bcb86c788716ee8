package collections_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

const orderRules = `{"roles": {"worker": {
	"see":    {"any": [{"field": "assignee", "is": "$me"}, {"field": "assignee", "empty": true}]},
	"create": {"field": "status", "is": "open"},
	"edit":   {"field": "status", "not": "done"},
	"delete": {"field": "assignee", "is": "$me"},
	"hidden": ["secret"], "readOnly": ["reading"]}}}`

// The documents that bad pushes are tried on.
const (
	idMine  = "0195a000-0000-7000-8000-000000000001" // wim's
	idTheir = "0195a000-0000-7000-8000-000000000002" // wilo's, so not there for wim
	idFree  = "0195a000-0000-7000-8000-000000000003" // nobody's
	idDone  = "0195a000-0000-7000-8000-000000000004" // nobody's, done
	idTrash = "0195a000-0000-7000-8000-000000000005" // in the trash
	idNone  = "0195a000-0000-7000-8000-00000000000f"
)

// stockedDepot has the documents above and the rules.
func stockedDepot(t *testing.T) *depot {
	d := openDepot(t)
	d.publish("hush", `{"type":"object","properties":{"a":{"type":"string"}}}`)
	d.rule("order", orderRules)
	d.rule("hush", `{"roles":{"worker":{"see":false,"create":false}}}`)
	for id, value := range map[string]string{
		idMine:  `{"title":"mine","status":"open","assignee":"wim","notes":"abc","secret":"s"}`,
		idTheir: `{"title":"their","status":"open","assignee":"wilo"}`,
		idFree:  `{"title":"free","status":"open"}`,
		idDone:  `{"title":"done","status":"done"}`,
		idTrash: `{"title":"trash","status":"open"}`,
	} {
		if _, err := d.Create(d.Context(), olga, "order", id, object(t, value)); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Delete(d.Context(), olga, "order", idTrash); err != nil {
		t.Fatal(err)
	}
	return d
}

// set is an operation that sets a register.
func set(field string, v any) crdt.Op {
	return crdt.Op{Kind: crdt.OpSet, Path: []string{field}, Value: v, Has: true}
}

// Ensure each bad change gets its own answer, the first check that it fails deciding,
// and moves nothing but its number.
func TestPush_RefusedChanges(t *testing.T) {
	create := crdt.Op{Kind: crdt.OpCreate}
	stranger := crdt.Dot{Replica: 0x77, Seq: 1}
	for name, c := range map[string]struct {
		change crdt.Change // of order, version 1, where it does not say otherwise
		unread *collections.Error
		code   collections.Code
		field  string
		says   string
	}{
		"not readable": {
			unread: collections.Errorf(collections.Invalid, "/ops/0/kind", "There is no operation of that kind."),
			code:   collections.Invalid, field: "/ops/0/kind", says: "no operation of that kind"},
		"too large": {
			change: crdt.Change{Doc: idMine, Ops: []crdt.Op{set("title", strings.Repeat("x", collections.MaxChangeBytes))}},
			code:   collections.TooLarge, says: "1048576 bytes"},
		"id is no UUID": {
			change: crdt.Change{Doc: "order-1", Ops: []crdt.Op{create}},
			code:   collections.Invalid, field: "doc", says: `"order-1" is none`},
		"id in capitals": {
			change: crdt.Change{Doc: "0195A000-0000-7000-8000-000000000001", Ops: []crdt.Op{set("title", "x")}},
			code:   collections.Invalid, field: "doc"},
		"does nothing": {
			change: crdt.Change{Doc: idMine},
			code:   collections.Invalid, field: "ops"},
		"no such type": {
			change: crdt.Change{Type: "nothing", Doc: idMine, Ops: []crdt.Op{set("title", "x")}},
			code:   collections.NotFound, says: `no type "nothing"`},
		"a type that is not to be known": {
			change: crdt.Change{Type: "hush", Doc: idNone, Ops: []crdt.Op{create}},
			code:   collections.NotFound, says: `no type "hush"`},
		"no such document": {
			change: crdt.Change{Doc: idNone, Ops: []crdt.Op{set("title", "x")}},
			code:   collections.NotFound, says: "no record"},
		"a document out of sight": {
			change: crdt.Change{Doc: idTheir, Ops: []crdt.Op{set("title", "x")}},
			code:   collections.NotFound, says: "no record"},
		"creating a document out of sight": {
			change: crdt.Change{Doc: idTheir, Ops: []crdt.Op{create, set("title", "x"), set("status", "open")}},
			code:   collections.NotFound, says: "no record"},
		"out of sight before the value": {
			change: crdt.Change{Doc: idTheir, Ops: []crdt.Op{set("status", "nonsense")}},
			code:   collections.NotFound},
		"a hidden field": {
			change: crdt.Change{Doc: idMine, Ops: []crdt.Op{set("secret", "x")}},
			code:   collections.Forbidden, field: "/secret", says: `"secret"`},
		"a hidden field before its value": {
			change: crdt.Change{Doc: idMine, Ops: []crdt.Op{set("secret", 7.0)}},
			code:   collections.Forbidden, field: "/secret"},
		"a hidden field of a new document": {
			change: crdt.Change{Doc: idNone, Ops: []crdt.Op{create, set("title", "x"), set("status", "open"), set("secret", "x")}},
			code:   collections.Forbidden, field: "/secret"},
		"a field to be read only": {
			change: crdt.Change{Doc: idMine, Ops: []crdt.Op{{Kind: crdt.OpRaise, Path: []string{"reading"}, Value: 5.0, Has: true}}},
			code:   collections.Forbidden, field: "/reading"},
		"edit as it is": {
			change: crdt.Change{Doc: idDone, Ops: []crdt.Op{set("title", "x")}},
			code:   collections.Forbidden, says: "may not edit"},
		"edit as it would become": {
			change: crdt.Change{Doc: idMine, Ops: []crdt.Op{set("status", "done")}},
			code:   collections.Forbidden, says: "to that"},
		"delete": {
			change: crdt.Change{Doc: idFree, Ops: []crdt.Op{{Kind: crdt.OpDelete}}},
			code:   collections.Forbidden, says: "may not delete"},
		"restore": {
			change: crdt.Change{Doc: idTrash, Ops: []crdt.Op{{Kind: crdt.OpRestore}}},
			code:   collections.Forbidden, says: "out of the trash"},
		"create": {
			change: crdt.Change{Doc: idNone, Ops: []crdt.Op{create, set("title", "x"), set("status", "in_progress")}},
			code:   collections.Forbidden, says: "may not create"},
		"no such version": {
			change: crdt.Change{Doc: idMine, Version: 9, Ops: []crdt.Op{set("title", "x")}},
			code:   collections.Invalid, field: "version", says: "no version 9"},
		"a value its field does not take": {
			change: crdt.Change{Doc: idMine, Ops: []crdt.Op{set("status", "nonsense")}},
			code:   collections.Invalid, field: "/status", says: "open, in_progress, done"},
		"no such field": {
			change: crdt.Change{Doc: idMine, Ops: []crdt.Op{set("colour", "red")}},
			code:   collections.Invalid, field: "/colour"},
		"an operation of another strategy": {
			change: crdt.Change{Doc: idMine, Ops: []crdt.Op{set("hours", 3.0)}},
			code:   collections.Invalid, field: "/hours"},
		"removing what is required": {
			change: crdt.Change{Doc: idMine, Ops: []crdt.Op{{Kind: crdt.OpUnset, Path: []string{"title"}}}},
			code:   collections.Invalid, field: "/title"},
		"one good operation does not save a bad one": {
			change: crdt.Change{Doc: idMine, Ops: []crdt.Op{set("title", "fine"), set("status", 1.0)}},
			code:   collections.Invalid, field: "/status"},
		"builds on what is not here": {
			change: crdt.Change{Doc: idMine, Ops: []crdt.Op{{Kind: crdt.OpInsert, Path: []string{"notes"}, ID: 1, After: stranger, Text: "x"}}},
			code:   collections.Invalid, field: "ops", says: "does not have"},
		"a deletion that saw the future": {
			change: crdt.Change{Doc: idMine, Ops: []crdt.Op{{Kind: crdt.OpDelete, Saw: crdt.Vector{0x77: 1}}}},
			code:   collections.Invalid, field: "ops", says: "does not have"},
		"a creation that is not whole": {
			change: crdt.Change{Doc: idNone, Ops: []crdt.Op{create, set("status", "open")}},
			code:   collections.Invalid, field: "/title", says: "Title"},
		"a creation that is not the first operation": {
			change: crdt.Change{Doc: idNone, Ops: []crdt.Op{set("title", "x"), set("status", "open"), create}},
			code:   collections.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			d := stockedDepot(t)
			change := c.change
			d.millis.Add(1000) // so that what it writes would win
			change.Replica, change.N, change.Stamp = 0xa, 1, crdt.NewTime(d.millis.Load(), 0)
			if change.Type == "" {
				change.Type = "order"
			}
			if change.Version == 0 {
				change.Version = 1
			}
			before := d.dump("order", "hush")
			answer, err := d.Sync(t.Context(), wim, &collections.SyncRequest{
				Replica: 0xa, Changes: []*crdt.Change{&change}, Errors: []*collections.Error{c.unread}})
			if err != nil {
				t.Fatal(err)
			}
			got := answer.Results[0]
			if got.OK || got.N != 1 || got.Stamp != 0 || got.Error == nil || got.Error.Code != c.code || got.Error.Field != c.field {
				t.Fatalf("answer is %s\nwant code %s, field %q", asJSON(t, got), c.code, c.field)
			}
			if !strings.Contains(got.Error.Message.String(), c.says) {
				t.Errorf("it says %q, want %q in it", got.Error.Message, c.says)
			}
			if after := d.dump("order", "hush"); after != before {
				t.Errorf("a refused change moved something:\n%s\nbefore:\n%s", after, before)
			}
			state, err := d.store.Replica(t.Context(), 0xa)
			if err != nil || state.N != 1 || state.Stamp != 0 || state.User != wim.User {
				t.Errorf("replica is at %+v (%v), want n 1, no stamp", state, err)
			}
			if s := d.Stats(); s.Refused != 1 {
				t.Errorf("stats count %d refused", s.Refused)
			}
			// The number is used up, and the answer stands.
			again, err := d.Sync(t.Context(), wim, &collections.SyncRequest{
				Replica: 0xa, Changes: []*crdt.Change{&change}, Errors: []*collections.Error{c.unread}})
			if err != nil || asJSON(t, again.Results) != asJSON(t, answer.Results) {
				t.Errorf("sent again, the answer is %s (%v)", asJSON(t, again), err)
			}
		})
	}
}

// Ensure a push that is wrong as a whole moves nothing at all, not even with its good
// changes.
func TestPush_RefusedWhole(t *testing.T) {
	good := func(replica crdt.Replica, n uint64) *crdt.Change {
		return &crdt.Change{Replica: replica, N: n, Type: "order", Version: 1, Doc: idFree, Ops: []crdt.Op{set("title", "new")}}
	}
	other := good(0xa, 1)
	other.Ops = []crdt.Op{set("title", "other")}
	later := good(0xa, 1)
	later.Stamp = 7
	for name, c := range map[string]struct {
		actor   collections.Actor
		replica crdt.Replica
		changes []*crdt.Change
		code    collections.Code
		expect  uint64
	}{
		"a gap at once":               {wim, 0xa, []*crdt.Change{good(0xa, 3)}, collections.ReplicaGap, 2},
		"a gap behind a good one":     {wim, 0xa, []*crdt.Change{good(0xa, 2), good(0xa, 4)}, collections.ReplicaGap, 3},
		"a gap behind two good ones":  {wim, 0xa, []*crdt.Change{good(0xa, 2), good(0xa, 3), good(0xa, 5)}, collections.ReplicaGap, 4},
		"a fork behind two good ones": {wim, 0xa, []*crdt.Change{good(0xa, 2), good(0xa, 3), other}, collections.ReplicaForked, 0},
		"a gap of a new replica":      {wim, 0xb, []*crdt.Change{good(0xb, 2)}, collections.ReplicaGap, 1},
		"backwards":                   {wim, 0xa, []*crdt.Change{good(0xa, 3), good(0xa, 2)}, collections.ReplicaGap, 2},
		"another change of a number":  {wim, 0xa, []*crdt.Change{other}, collections.ReplicaForked, 0},
		"another stamp of a number":   {wim, 0xa, []*crdt.Change{later}, collections.ReplicaForked, 0},
		"a fork behind a good one":    {wim, 0xa, []*crdt.Change{good(0xa, 2), other}, collections.ReplicaForked, 0},
		"a fork within the push":      {wim, 0xb, []*crdt.Change{good(0xb, 1), {Replica: 0xb, N: 1, Type: "order", Version: 1, Doc: idMine, Ops: []crdt.Op{set("title", "y")}}}, collections.ReplicaForked, 0},
		"somebody else's replica":     {wilo, 0xa, []*crdt.Change{good(0xa, 2)}, collections.Forbidden, 0},
		"a change of another replica": {wim, 0xa, []*crdt.Change{good(0xb, 2)}, collections.Invalid, 0},
		"no replica":                  {wim, 0, []*crdt.Change{good(0, 1)}, collections.Invalid, 0},
		"no number":                   {wim, 0xa, []*crdt.Change{good(0xa, 0)}, collections.Invalid, 0},
		"a number beyond all":         {wim, 0xa, []*crdt.Change{good(0xa, crdt.MaxSeq+1)}, collections.Invalid, 0},
		"no change":                   {wim, 0xa, []*crdt.Change{nil}, collections.Invalid, 0},
		"too many":                    {wim, 0xa, make([]*crdt.Change, collections.MaxChanges+1), collections.TooLarge, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := stockedDepot(t)
			if _, err := d.push(wim, 0xa, good(0xa, 1)); err != nil {
				t.Fatal(err)
			}
			before := d.dump("order")
			_, err := d.push(c.actor, c.replica, c.changes...)
			if e := wantCode(t, err, c.code); e.Expect != c.expect {
				t.Errorf("it expects %d, want %d", e.Expect, c.expect)
			}
			if after := d.dump("order"); after != before {
				t.Errorf("a refused push moved something:\n%s\nbefore:\n%s", after, before)
			}
			if state, err := d.store.Replica(t.Context(), 0xa); err != nil || state.N != 1 {
				t.Errorf("replica is at %+v (%v), want 1", state, err)
			}
			if _, err := d.store.Replica(t.Context(), 0xb); !errors.Is(err, collections.ErrNotFound) {
				t.Errorf("the other replica is known now: %v", err)
			}
		})
	}
}

// Ensure nobody pushes as the server itself.
func TestPush_ServersOwnReplica(t *testing.T) {
	d := stockedDepot(t)
	entries := d.log()
	own := entries[len(entries)-1].Change
	_, err := d.push(wim, own.Replica, own)
	wantCode(t, err, collections.Forbidden)
}

// Ensure a push whose answer was lost has its effect once, and gets the same answer.
func TestPush_LostAck(t *testing.T) {
	d := openDepot(t)
	v := d.device(wim, 0xa)
	v.skew = 3_600_000 // so that stamps are brought back, and must be the same again
	id := docID(1)
	v.put("order", id, `{"title":"Pump","hours":1}`)
	v.edit("order", id, func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 2) })
	v.put("order", id, `{"title":"A title that is far too long for the field it is in"}`)
	first, err := d.push(wim, 0xa, v.pending...)
	if err != nil {
		t.Fatal(err)
	}
	before := d.log()
	d.millis.Add(1000)
	v.edit("order", id, func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 4) })
	second, err := d.push(wim, 0xa, append(v.pending, v.pending...)...)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := asJSON(t, second[:3]), asJSON(t, first); got != want {
		t.Errorf("the second answer is\n%s\nthe first was\n%s", got, want)
	}
	if got, want := asJSON(t, second[4:]), asJSON(t, second[:4]); got != want {
		t.Errorf("within one push the repeat is answered\n%s\nthe first was\n%s", got, want)
	}
	if got := d.document("order", id).Value()["hours"]; got != 7.0 {
		t.Errorf("hours are %v, want 7: each amount once", got)
	}
	after := d.log()
	if len(after) != len(before)+1 || asJSON(t, after[:len(before)]) != asJSON(t, before) {
		t.Errorf("the log went from %d to %d entries, want one more and the others as they were", len(before), len(after))
	}
	for i, result := range first {
		if result.OK != (i != 2) {
			t.Errorf("change %d: %s", i+1, asJSON(t, result))
		}
	}
	if s := d.Stats(); s.Accepted != 3 || s.Refused != 1 || s.Repeated != 4+3 || s.Restamped != 3 {
		t.Errorf("stats are %+v", s)
	}
	d.checkReplay("order")
}

// Ensure a refused change takes only what leans on it with it.
func TestPush_OneRefusedBlocksNobody(t *testing.T) {
	d := openDepot(t)
	d.rule("order", `{"roles":{"worker":{"readOnly":["status"]}}}`)
	v := d.device(wim, 0xa)
	id := docID(1)
	v.put("order", id, `{"title":"Pump","notes":"ab"}`)
	// Refused for its status; it types, and makes a row, as well.
	v.edit("order", id, func(e *crdt.Editor) error {
		return errors.Join(e.Put([]string{"status"}, "done"), e.Splice([]string{"notes"}, 1, 0, "XYZ"), insertRow(e, "seal"))
	})
	v.put("order", id, `{"title":"Pump 4"}`)                                                               // leans on nothing
	v.edit("order", id, func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, 2, 0, "inside") }) // leans
	v.edit("order", id, func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, 1, 3, "") })       // cuts what was refused: leans
	v.edit("order", id, func(e *crdt.Editor) error { return e.Put(v.rowPath(id, "qty"), 3.0) })            // edits the row: leans
	v.edit("order", id, func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, 0, 1, "") })       // cuts what was accepted
	v.put("order", docID(2), `{"status":"open","title":"never"}`)                                          // refused creation
	v.put("order", docID(2), `{"title":"leans"}`)                                                          // leans on it
	v.put("order", docID(3), `{"title":"Valve"}`)                                                          // another document
	results, err := d.push(wim, 0xa, v.pending...)
	if err != nil {
		t.Fatal(err)
	}
	want := []collections.Code{"", collections.Forbidden, "", collections.LeansOn, collections.LeansOn, collections.LeansOn, "", collections.Forbidden, collections.LeansOn, ""}
	for i, result := range results {
		var code collections.Code
		if result.Error != nil {
			code = result.Error.Code
		}
		if code != want[i] || result.OK != (code == "") || result.N != uint64(i+1) {
			t.Errorf("change %d is answered %s, want code %q", i+1, asJSON(t, result), want[i])
		}
		if code == collections.LeansOn && !strings.Contains(result.Error.Message.String(), `"status"`) {
			t.Errorf("change %d does not say why: %s", i+1, result.Error.Message)
		}
	}
	if got := crdt.Canonical(d.document("order", id).Value()); got != `{"notes":"b","title":"Pump 4"}` {
		t.Errorf("the document is %s", got)
	}
	d.checkReplay("order")
}

// Ensure the answer is the same when what a change leans on was refused in a push
// before.
func TestPush_LeansOnEarlierPush(t *testing.T) {
	d := openDepot(t)
	d.rule("order", `{"roles":{"worker":{"readOnly":["status"]}}}`)
	v := d.device(wim, 0xa)
	v.put("order", docID(1), `{"title":"Pump"}`)
	v.put("order", docID(1), `{"notes":"abc","status":"open"}`)
	v.put("order", docID(2), `{"title":"Other"}`)
	v.edit("order", docID(1), func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, 1, 0, "x") })
	for i, c := range v.pending {
		results, err := d.push(wim, 0xa, c)
		if err != nil {
			t.Fatal(err)
		}
		want := []collections.Code{"", collections.Forbidden, "", collections.LeansOn}[i]
		if got := results[0].Error; (got == nil) != (want == "") || got != nil && got.Code != want {
			t.Errorf("change %d is answered %s, want %q", c.N, asJSON(t, results[0]), want)
		}
	}
}

// Ensure typing at the edge of a refused text leans on it too, and that a refusal is
// blamed for nothing that has to do with another document.
func TestPush_LeansOnlyOnItsOwn(t *testing.T) {
	d := openDepot(t)
	d.rule("order", `{"roles":{"worker":{"readOnly":["status"]}}}`)
	v := d.device(wim, 0xa)
	one, two := docID(1), docID(2)
	v.put("order", one, `{"title":"Pump","notes":"ab"}`)
	v.put("order", two, `{"title":"Valve","notes":"ab"}`)
	v.edit("order", two, func(e *crdt.Editor) error {
		return errors.Join(e.Put([]string{"status"}, "done"), e.Splice([]string{"notes"}, 2, 0, "XYZ"))
	})
	v.edit("order", two, func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, 5, 0, "end") })
	astray := *v.pending[3]
	astray.N, astray.Doc = 5, one
	v.n++
	nowhere := *v.pending[3]
	nowhere.N, nowhere.Doc = 6, docID(3)
	v.n++
	results, err := d.push(wim, 0xa, append(v.pending, &astray, &nowhere)...)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range map[int]collections.Code{
		2: collections.Forbidden, 3: collections.LeansOn, 4: collections.Invalid, 5: collections.NotFound,
	} {
		if results[i].Error == nil || results[i].Error.Code != want {
			t.Errorf("change %d is answered %s, want %s", i+1, asJSON(t, results[i]), want)
		}
	}
}

// Ensure two devices that made the same document have it merged.
func TestPush_SecondCreationMerges(t *testing.T) {
	d := openDepot(t)
	a, b := d.device(wim, 0xa), d.device(wilo, 0xb)
	a.put("order", docID(1), `{"title":"from a","notes":"a"}`)
	b.put("order", docID(1), `{"title":"from b","tags":["b"]}`)
	a.sync()
	b.sync()
	if len(b.refused) > 0 {
		t.Fatalf("the second creation was refused: %v", b.refused)
	}
	got := d.document("order", docID(1)).Value()
	if crdt.Canonical(got["tags"]) != `["b"]` || got["notes"] != "a" {
		t.Errorf("merged to %s", crdt.Canonical(got))
	}
}

// Ensure a document does not grow beyond the bound, and may shrink again.
func TestPush_DocumentTooLarge(t *testing.T) {
	d := openDepot(t)
	d.publish("book", `{"type":"object","properties":{"text":{"type":"string","contentMediaType":"text/plain"},"name":{"type":"string"}}}`)
	v := d.device(wim, 0xa)
	v.sync()
	chapter := strings.Repeat("x", 200<<10)
	v.put("book", docID(1), `{"name":"long"}`)
	for range 22 {
		v.edit("book", docID(1), func(e *crdt.Editor) error { return e.Splice([]string{"text"}, 0, 0, chapter) })
	}
	v.put("book", docID(1), `{"name":"still named"}`)
	v.sync()
	// 4 MiB hold 20 chapters of 200 KiB and a name; the 21st and the 22nd are too much.
	if len(v.refused) != 2 || v.refused[22] == nil || v.refused[23] == nil || v.refused[22].Code != collections.TooLarge {
		t.Errorf("refused: %s", asJSON(t, v.refused))
	}
	if got := d.document("book", docID(1)).Value()["name"]; got != "still named" {
		t.Errorf("the name is %v", got)
	}
}

// insertRow adds a part.
func insertRow(e *crdt.Editor, name string) error {
	_, err := e.InsertRow([]string{"parts"}, 0, map[string]any{"name": name})
	return err
}

// rowPath is the way into the only part of an order.
func (v *device) rowPath(id, field string) []string {
	rows := v.view(collections.Key{Type: "order", ID: id}).Rows("parts")
	return []string{"parts", rows[0].ID.String(), field}
}
