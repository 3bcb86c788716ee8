package collections_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// lastChange is the newest change in the log.
func (d *depot) lastChange() *crdt.Change {
	d.Helper()
	entries := d.log()
	return entries[len(entries)-1].Change
}

// Ensure a document that is created gets an id that sorts by time, its author and its
// times.
func TestWrite_Create(t *testing.T) {
	d := openDepot(t)
	var ids []string
	for range 3 {
		doc, err := d.Create(t.Context(), wim, "order", "", map[string]any{"title": "Pump"})
		if err != nil {
			t.Fatal(err)
		}
		if doc.CreatedBy != "wim" || doc.Created != d.millis.Load() || doc.Updated != doc.Created || doc.Version != 1 {
			t.Errorf("it is %s", asJSON(t, doc))
		}
		ids = append(ids, doc.ID)
		d.millis.Add(1000)
	}
	uuid7 := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	if !slices.IsSorted(ids) || !uuid7.MatchString(ids[0]) {
		t.Errorf("the ids are %q", ids)
	}
	d.patch(wilo, "order", ids[0], `{"title":"Pump 4"}`)
	doc, err := d.Get(t.Context(), wim, "order", ids[0])
	if err != nil || doc.CreatedBy != "wim" || doc.UpdatedBy != "wilo" || doc.Updated != d.millis.Load() || doc.Created == doc.Updated {
		t.Errorf("patched by another it is %s, %v", asJSON(t, doc), err)
	}
	d.checkReplay("order")
}

// Ensure a patch is one change of only what differs, and that one which changes nothing
// leaves no trace.
func TestWrite_PatchIsMinimal(t *testing.T) {
	d := openDepot(t)
	d.publish("place", `{"type":"object","properties":{
		"address":{"type":"object","properties":{"street":{"type":"string"},"town":{"type":"string"}}},
		"at":{"type":"object","x-atomic":true,"properties":{"lat":{"type":"number"},"lon":{"type":"number"}}},
		"name":{"type":"string"}}}`)
	id := d.create(olga, "place", `{"name":"Harbour","address":{"street":"Quay 1","town":"Oslo"},"at":{"lat":1,"lon":2}}`)
	for _, c := range []struct{ patch, want, ops string }{
		{`{"name":"Harbour","address":{"town":"Oslo"}}`, `{"address":{"street":"Quay 1","town":"Oslo"},"at":{"lat":1,"lon":2},"name":"Harbour"}`, ""},
		{`{"name":"Port"}`, `{"address":{"street":"Quay 1","town":"Oslo"},"at":{"lat":1,"lon":2},"name":"Port"}`, "set name"},
		{`{"address":{"street":"Quay 2"}}`, `{"address":{"street":"Quay 2","town":"Oslo"},"at":{"lat":1,"lon":2},"name":"Port"}`, "set address/street"},
		{`{"address":{"street":null,"town":"Bergen"}}`, `{"address":{"town":"Bergen"},"at":{"lat":1,"lon":2},"name":"Port"}`, "set address/town, unset address/street"},
		{`{"at":{"lat":3}}`, `{"address":{"town":"Bergen"},"at":{"lat":3},"name":"Port"}`, "set at"},
		{`{"name":null}`, `{"address":{"town":"Bergen"},"at":{"lat":3}}`, "unset name"},
		{`{"name":null}`, `{"address":{"town":"Bergen"},"at":{"lat":3}}`, ""},
		{`{}`, `{"address":{"town":"Bergen"},"at":{"lat":3}}`, ""},
	} {
		before := len(d.log())
		doc := d.patch(olga, "place", id, c.patch)
		if got := crdt.Canonical(doc.Value); got != c.want {
			t.Errorf("patched with %s it is\n%s\nwant\n%s", c.patch, got, c.want)
		}
		var ops []string
		if len(d.log()) > before {
			for _, op := range d.lastChange().Ops {
				ops = append(ops, string(op.Kind)+" "+strings.Join(op.Path, "/"))
			}
			slices.Sort(ops)
		}
		if got := strings.Join(ops, ", "); got != c.ops {
			t.Errorf("patch %s made the operations %q, want %q", c.patch, got, c.ops)
		}
	}
}

// Ensure Replace makes the value equal, but for what its writer cannot see.
func TestWrite_Replace(t *testing.T) {
	d := openDepot(t)
	d.rule("order", `{"roles":{"worker":{"hidden":["secret"]}}}`)
	id := d.order(1, `{"title":"Pump","status":"open","secret":"s","tags":["a","b"]}`)
	doc, err := d.Replace(t.Context(), wim, "order", id, object(t, `{"title":"Pump 4","tags":["b"]}`))
	if err != nil || crdt.Canonical(doc.Value) != `{"tags":["b"],"title":"Pump 4"}` {
		t.Errorf("wim has %s, %v", asJSON(t, doc), err)
	}
	if got := crdt.Canonical(d.document("order", id).Value()); got != `{"secret":"s","tags":["b"],"title":"Pump 4"}` {
		t.Errorf("it is %s", got)
	}
	_, err = d.Replace(t.Context(), wim, "order", id, object(t, `{"title":"Pump 4","secret":"mine"}`))
	wantCode(t, err, collections.Forbidden)
}

// Ensure deleting and restoring are seen by whom they should be, and doing either twice
// does nothing more.
func TestWrite_DeleteAndRestore(t *testing.T) {
	d := openDepot(t)
	id := d.order(1, `{"title":"Pump"}`)
	remove := func(a collections.Actor) error { return d.Delete(t.Context(), a, "order", id) }
	if err := remove(wim); err != nil {
		t.Fatal(err)
	}
	entries := len(d.log())
	wantCode(t, remove(wim), collections.NotFound)
	if err := remove(eve); err != nil {
		t.Errorf("an editor, who sees the trash, deletes again: %v", err)
	}
	_, err := d.Patch(t.Context(), wim, "order", id, map[string]any{"title": "x"})
	wantCode(t, err, collections.NotFound)
	_, err = d.Restore(t.Context(), wim, "order", id)
	wantCode(t, err, collections.NotFound)
	if len(d.log()) != entries {
		t.Error("something was written")
	}
	for range 2 {
		doc, err := d.Restore(t.Context(), eve, "order", id)
		if err != nil || doc.Deleted {
			t.Errorf("restored it is %s, %v", asJSON(t, doc), err)
		}
	}
	if got := len(d.log()); got != entries+1 {
		t.Errorf("restoring twice wrote %d entries", got-entries)
	}
	d.checkReplay("order")
}

// Ensure a program that keeps plain values loses nobody's work: what it changed is merged
// into the document as it is now.
func TestWrite_PatchFrom(t *testing.T) {
	d := openDepot(t)
	id := d.order(1, `{"title":"Pump","notes":"leaks","hours":2,"tags":["a"]}`)
	if _, err := d.Patch(t.Context(), eve, "order", id, object(t, `{"notes":"leaks oil","hours":2.5,"tags":["a","b"]}`)); err != nil {
		t.Fatal(err)
	}
	doc, err := d.PatchFrom(t.Context(), wim, "order", id,
		object(t, `{"notes":"still leaks","hours":3,"tags":["a","c"],"title":null}`), object(t, `{"notes":"leaks","hours":2,"tags":["a"],"title":"Pump"}`))
	if err == nil {
		t.Errorf("a title is required, and was removed: %s", asJSON(t, doc))
	}
	doc, err = d.PatchFrom(t.Context(), wim, "order", id,
		object(t, `{"notes":"still leaks","hours":3,"tags":["a","c"]}`), object(t, `{"notes":"leaks","hours":2,"tags":["a"]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := crdt.Canonical(doc.Value), `{"hours":3.5,"notes":"still leaks oil","tags":["a","b","c"],"title":"Pump"}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	d.rule("order", `{"roles":{"worker":{"hidden":["secret"]}}}`)
	_, err = d.PatchFrom(t.Context(), wim, "order", id, object(t, `{"secret":"x"}`), object(t, `{"secret":"y"}`))
	wantCode(t, err, collections.Forbidden)
	d.checkReplay("order")
}

// Ensure an edit that nobody who deleted had seen keeps the document alive.
func TestWrite_EditBeatsDelete(t *testing.T) {
	d := openDepot(t)
	id := d.order(1, `{"title":"Pump"}`)
	v := d.device(wim, 0xa)
	v.sync()
	v.put("order", id, `{"notes":"still needed"}`)
	if err := d.Delete(t.Context(), olga, "order", id); err != nil {
		t.Fatal(err)
	}
	v.sync()
	if doc := d.document("order", id); doc.Deleted() || doc.Value()["notes"] != "still needed" {
		t.Errorf("deleted %v, %s", doc.Deleted(), crdt.Canonical(doc.Value()))
	}
}

// Ensure REST is refused what a push is refused, in the same words.
func TestWrite_Refused(t *testing.T) {
	d := stockedDepot(t)
	patch := func(id, patch string) error {
		_, err := d.Patch(context.Background(), wim, "order", id, object(t, patch))
		return err
	}
	create := func(id, value string) error {
		_, err := d.Create(context.Background(), wim, "order", id, object(t, value))
		return err
	}
	before := d.dump("order")
	for name, c := range map[string]struct {
		err   error
		code  collections.Code
		field string
	}{
		"out of sight":            {patch(idTheir, `{"title":"x"}`), collections.NotFound, ""},
		"not there":               {patch(idNone, `{"title":"x"}`), collections.NotFound, ""},
		"no id":                   {patch("order-1", `{"title":"x"}`), collections.NotFound, ""},
		"hidden":                  {patch(idMine, `{"secret":"x"}`), collections.Forbidden, "/secret"},
		"hidden before its value": {patch(idMine, `{"secret":{"no":"text"}}`), collections.Forbidden, "/secret"},
		"create, the same":        {create("", `{"secret":7}`), collections.Forbidden, "/secret"},
		"read only":               {patch(idMine, `{"reading":5}`), collections.Forbidden, "/reading"},
		"edit as it is":           {patch(idDone, `{"title":"x"}`), collections.Forbidden, ""},
		"edit as it would be":     {patch(idMine, `{"status":"done"}`), collections.Forbidden, ""},
		"value":                   {patch(idMine, `{"status":"nonsense"}`), collections.Invalid, "/status"},
		"required":                {patch(idMine, `{"title":null}`), collections.Invalid, "/title"},
		"unknown field":           {patch(idMine, `{"colour":"red"}`), collections.Invalid, "/colour"},
		"create":                  {create("", `{"title":"x","status":"done"}`), collections.Forbidden, ""},
		"create not whole":        {create("", `{"status":"open"}`), collections.Invalid, "/title"},
		"create with a hidden":    {create("", `{"title":"x","status":"open","secret":"x"}`), collections.Forbidden, "/secret"},
		"create what is there":    {create(idMine, `{"title":"x","status":"open"}`), collections.Exists, "id"},
		"create what is unseen":   {create(idTheir, `{"title":"x","status":"open"}`), collections.NotFound, ""},
		"create with no UUID":     {create("order-1", `{"title":"x","status":"open"}`), collections.Invalid, "id"},
		"delete":                  {d.Delete(t.Context(), wim, "order", idFree), collections.Forbidden, ""},
		"delete out of sight":     {d.Delete(t.Context(), wim, "order", idTheir), collections.NotFound, ""},
		"a type of somebody else": {d.Delete(t.Context(), wim, "hush", idMine), collections.NotFound, ""},
		"with a token to read": {func() error {
			_, err := d.Patch(t.Context(), collections.Actor{User: "u4", Name: "wim", Role: collections.Worker, Scopes: []string{"read"}}, "order", idMine, map[string]any{"title": "x"})
			return err
		}(), collections.Forbidden, ""},
	} {
		if e := wantCode(t, c.err, c.code); e.Field != c.field {
			t.Errorf("%s: field %q, want %q", name, e.Field, c.field)
		}
	}
	if after := d.dump("order"); after != before {
		t.Errorf("a refused write moved something:\n%s\nbefore:\n%s", after, before)
	}
	if own := d.lastChange(); own.Replica == 0 {
		t.Fatal("no change")
	}
	n := d.lastChange().N
	d.patch(olga, "order", idMine, `{"title":"next"}`)
	if got := d.lastChange().N; got != n+1 {
		t.Errorf("the server's numbers go from %d to %d: a refused write used one up", n, got)
	}
}

// Ensure a batch answers each write, in order, and that the bad ones stop nobody.
func TestWriteAll(t *testing.T) {
	d, store := openBroken(t)
	id := d.order(1, `{"title":"Pump"}`)
	gone := d.order(2, `{"title":"Valve"}`)
	before := store.commits.Load()
	results, err := d.WriteAll(t.Context(), wim, "order", []collections.Write{
		{Value: map[string]any{"title": "new"}},
		{Value: map[string]any{"status": "open"}},
		{ID: id, Modify: true, Value: map[string]any{"title": "Pump 4"}},
		{ID: id, Modify: true, Value: map[string]any{"status": "open"}},
		{ID: gone, Remove: true},
		{ID: gone, Remove: true},
		{ID: docID(9), Modify: true, Value: map[string]any{"title": "x"}},
		{Modify: true, Value: map[string]any{"title": "x"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, result := range results {
		switch {
		case result.Error != nil:
			got = append(got, string(result.Error.Code))
		case result.Document != nil:
			got = append(got, crdt.Canonical(result.Document.Value))
		default:
			got = append(got, "done")
		}
	}
	const both = `{"status":"open","title":"Pump 4"}` // one commit: both see its end
	want := []string{`{"title":"new"}`, "invalid", both, both, "done", "not_found", "not_found", "not_found"}
	if !slices.Equal(got, want) {
		t.Errorf("the answers are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if results[2].ID != id || results[0].ID == "" || results[0].ID != results[0].Document.ID {
		t.Errorf("the ids are %s", asJSON(t, results))
	}
	if commits := store.commits.Load() - before; commits != 1 {
		t.Errorf("it took %d commits", commits)
	}
	_, err = d.WriteAll(t.Context(), wim, "order", make([]collections.Write, collections.MaxChanges+1))
	wantCode(t, err, collections.TooLarge)
	d.checkReplay("order")
}

// Ensure a writer is not shown what its own write put out of its sight.
func TestWrite_OutOfOwnSight(t *testing.T) {
	d := openDepot(t)
	d.rule("order", `{"roles":{"worker":{"see":{"field":"assignee","is":"$me"}}}}`)
	id := d.order(1, `{"title":"Pump","assignee":"wim"}`)
	doc, err := d.Patch(t.Context(), wim, "order", id, map[string]any{"assignee": "wilo", "notes": "for wilo"})
	if err != nil || doc != nil {
		t.Errorf("wim gets %s, %v", asJSON(t, doc), err)
	}
	if got := d.document("order", id).Value()["assignee"]; got != "wilo" {
		t.Errorf("the assignee is %v", got)
	}
}

// Ensure the order of ids follows the clock even when many are made at once, as far as
// a UUIDv7 tells: by millisecond.
func TestWrite_IDsDiffer(t *testing.T) {
	d := openDepot(t)
	writes := make([]collections.Write, 500)
	for i := range writes {
		writes[i].Value = map[string]any{"title": fmt.Sprint(i)}
	}
	results, err := d.WriteAll(t.Context(), olga, "order", writes)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, result := range results {
		ids[result.ID] = true
	}
	if len(ids) != len(writes) {
		t.Errorf("%d writes made %d documents", len(writes), len(ids))
	}
}

// Ensure a document is created under the version that is the latest when its turn
// comes, though it was worked out under the one before.
func TestWrite_CreateWhilePublishing(t *testing.T) {
	d, store := openBroken(t)
	stricter := strings.Replace(orderSchema, `"required": ["title"]`, `"required": ["title", "status"]`, 1)
	if _, err := d.SaveDraft(t.Context(), dana, collections.Draft{Name: "order", Schema: []byte(stricter)}); err != nil {
		t.Fatal(err)
	}
	release := store.hold(t)
	before := store.commits.Load()
	var people sync.WaitGroup
	var refused error
	people.Go(func() {
		if _, _, err := d.Publish(context.Background(), dana, "order", nil); err != nil {
			t.Error(err)
		}
	})
	waitFor(t, "the publication", func() bool { return store.commits.Load() == before+1 })
	people.Go(func() {
		_, refused = d.Create(context.Background(), olga, "order", docID(1), map[string]any{"title": "no status"})
	})
	people.Go(func() {
		if _, err := d.Create(context.Background(), olga, "order", docID(2), map[string]any{"title": "x", "status": "open"}); err != nil {
			t.Error(err)
		}
	})
	waitFor(t, "both to stand in line", func() bool { return d.Waiting() == 2 })
	release()
	people.Wait()
	if e := wantCode(t, refused, collections.Invalid); e.Field != "/status" {
		t.Errorf("it is refused for %q", e.Field)
	}
	if c := d.lastChange(); c.Doc != docID(2) || c.Version != 2 {
		t.Errorf("the last change is of %s under version %d", c.Doc, c.Version)
	}
}
