package collections_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

// A draft is kept for whoever saves next on it; of two who save on the same one, one
// is told who was first.
func TestSaveDraft_Concurrent(t *testing.T) {
	o := openOffice(t)
	ctx := t.Context()
	first, err := o.SaveDraft(ctx, dana, collections.Draft{Name: "job", Schema: json.RawMessage(`{"half":` + `"done"}`)})
	if err != nil || first.Rev != 1 || first.By != "dana" || first.Updated == 0 {
		t.Fatalf("first save: %+v, %v", first, err)
	}
	mine, theirs := *first, *first
	theirs.Schema = json.RawMessage(`{"theirs":1}`)
	if _, err := o.SaveDraft(ctx, olga, theirs); err != nil {
		t.Fatal(err)
	}
	mine.Schema = json.RawMessage(`{"mine":1}`)
	_, err = o.SaveDraft(ctx, dana, mine)
	if e := wantCode(t, err, collections.Exists); !strings.Contains(e.Message.String(), "olga") {
		t.Errorf("%q does not say who was first", e.Message)
	}
	kept, err := o.Draft(ctx, dana, "job")
	if err != nil || string(kept.Schema) != `{"theirs":1}` || kept.Rev != 2 || kept.By != "olga" {
		t.Errorf("kept draft is %+v, %v", kept, err)
	}
	_, err = o.SaveDraft(ctx, dana, collections.Draft{Name: "job", Schema: json.RawMessage(`{}`)})
	wantCode(t, err, collections.Exists)

	if err := o.DiscardDraft(ctx, dana, "job"); err != nil {
		t.Fatal(err)
	}
	_, err = o.SaveDraft(ctx, olga, *kept)
	wantCode(t, err, collections.Exists)
	_, err = o.Draft(ctx, dana, "job")
	wantCode(t, err, collections.NotFound)
}

// Of many who save on the same draft at once, exactly one wins.
func TestSaveDraft_Race(t *testing.T) {
	o := openOffice(t)
	var wins, losses int
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			_, err := o.SaveDraft(t.Context(), dana, collections.Draft{Name: "job", Schema: json.RawMessage(fmt.Sprint(i))})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				wins++
			} else {
				losses++
			}
		})
	}
	all.Wait()
	if wins != 1 || losses != 15 {
		t.Errorf("%d saved and %d were told, want 1 and 15", wins, losses)
	}
}

func TestSaveDraft_Refused(t *testing.T) {
	o := openOffice(t)
	for _, name := range []string{"", "_types", "Job", "1job", "-job", "jöb", "a/b", "a b", strings.Repeat("a", 65)} {
		_, err := o.SaveDraft(t.Context(), dana, collections.Draft{Name: name, Schema: json.RawMessage(`{}`)})
		if e := wantCode(t, err, collections.Invalid); e.Field != "name" {
			t.Errorf("name %q: the error is about %q", name, e.Field)
		}
	}
	for _, text := range []string{``, `{`, `{"a":1,"a":2}`, "{\"a\":\"\xff\"}"} {
		_, err := o.SaveDraft(t.Context(), dana, collections.Draft{Name: "job", Schema: json.RawMessage(text)})
		if e := wantCode(t, err, collections.Invalid); e.Field != "schema" {
			t.Errorf("draft %q: the error is about %q", text, e.Field)
		}
	}
	drafts, err := o.Drafts(t.Context(), dana)
	if err != nil || len(drafts) != 0 {
		t.Errorf("something was kept: %v, %v", drafts, err)
	}
}

// Versions count from 1, stay as they are, and are there again after a start.
func TestPublish_Versions(t *testing.T) {
	o := openOffice(t)
	first := o.publish("job", jobSchema)
	second := o.publish("job", strings.Replace(jobSchema, `"Price"`, `"Cost"`, 1))
	if first.Version != 1 || second.Version != 2 || second.By != "dana" || second.Published <= first.Published {
		t.Fatalf("versions are %+v and %+v", first, second)
	}
	for _, engine := range []*office{o, openOfficeOn(t, o.store)} {
		all, err := engine.Versions(t.Context(), wim, "job")
		if err != nil || len(all) != 2 {
			t.Fatalf("versions: %v, %v", all, err)
		}
		one, err := engine.Type(t.Context(), wim, "job", 1)
		if err != nil || string(one.Schema.JSON()) != string(first.Schema.JSON()) || one.Published != first.Published {
			t.Errorf("version 1 is not what it was: %v, %v", one, err)
		}
		latest, err := engine.Type(t.Context(), wim, "job", 0)
		if err != nil || latest.Version != 2 || !strings.Contains(string(latest.Schema.JSON()), "Cost") {
			t.Errorf("the latest is %+v, %v", latest, err)
		}
		_, err = engine.Type(t.Context(), wim, "job", 3)
		wantCode(t, err, collections.NotFound)
	}
	if _, err := o.Draft(t.Context(), dana, "job"); err == nil {
		t.Error("the draft is still there after it was published")
	}
	log, err := o.store.Log(t.Context(), "main", 0, 100)
	if err != nil || len(log) != 2 || log[1].Kind != collections.EntryType || log[1].Version != 2 || log[1].By != "dana" {
		t.Errorf("the log has %+v, %v", log, err)
	}
}

func TestPublish_NoDraft(t *testing.T) {
	o := openOffice(t)
	_, _, err := o.Publish(t.Context(), dana, "job", nil)
	wantCode(t, err, collections.NotFound)
	_, err = o.Preview(t.Context(), dana, "job")
	wantCode(t, err, collections.NotFound)
}

// What may not be published says which field and stays a draft.
func TestPublish_Refused(t *testing.T) {
	o := openOffice(t)
	o.publish("job", jobSchema)
	for name, c := range map[string]struct{ draft, field, says string }{
		"no type":           {`{"type":"array"}`, "", "object"},
		"misspelt":          {`{"type":"object","properties":{"a":{"typ":"string"}}}`, "/properties/a/typ", "typ"},
		"another strategy":  {strings.Replace(jobSchema, `"type":"number"`, `"type":"number","x-merge":"counter"`, 1), "/price", "Price"},
		"nothing different": {jobSchema, "schema", "version 1"},
	} {
		o.draft("job", c.draft)
		_, _, err := o.Publish(t.Context(), dana, "job", nil)
		e := wantCode(t, err, collections.Invalid)
		if e.Field != c.field || !strings.Contains(e.Message.String(), c.says) {
			t.Errorf("%s: refused with %q at %q, want %q at %q", name, e.Message, e.Field, c.says, c.field)
		}
		if _, err := o.Draft(t.Context(), dana, "job"); err != nil {
			t.Errorf("%s: the draft is gone: %v", name, err)
		}
	}
	if latest, _ := o.Type(t.Context(), dana, "job", 0); latest.Version != 1 {
		t.Errorf("version %d came out of it", latest.Version)
	}
}

// A key that was taken out comes back only as what it was: old documents still hold it.
func TestPublish_ReturnedKey(t *testing.T) {
	o := openOffice(t)
	o.publish("job", jobSchema)
	o.publish("job", `{"type":"object","properties":{"title":{"type":"string"}}}`)
	o.draft("job", `{"type":"object","properties":{"title":{"type":"string"},"price":{"type":"array","items":{"type":"object","properties":{"x":{}}}}}}`)
	_, comparison, err := o.Publish(t.Context(), dana, "job", nil)
	if e := wantCode(t, err, collections.Invalid); e.Field != "/price" {
		t.Errorf("refused at %q with %q", e.Field, e.Message)
	}
	if comparison == nil || len(comparison.Refused()) == 0 {
		t.Error("the comparison does not come with the refusal")
	}
	preview, err := o.Preview(t.Context(), dana, "job")
	if err != nil || asJSON(t, preview) != asJSON(t, comparison) {
		t.Errorf("the preview says %s, %v; publishing said %s", asJSON(t, preview), err, asJSON(t, comparison))
	}
	o.publish("job", jobSchema)
}

// A field that the rules speak of cannot silently go: a rule on what is not there may
// let in everybody.
func TestPublish_KeepsRulesTrue(t *testing.T) {
	o := openOffice(t)
	o.publish("job", jobSchema)
	o.rule("job", `{"roles":{"worker":{"see":{"field":"status","not":"done"},"hidden":["price"]}}}`)
	o.draft("job", `{"type":"object","properties":{"title":{"type":"string"},"price":{"type":"number"}}}`)
	_, _, err := o.Publish(t.Context(), dana, "job", nil)
	if e := wantCode(t, err, collections.Invalid); !strings.Contains(e.Message.String(), "status") {
		t.Errorf("refused with %q", e.Message)
	}
	o.publish("job", `{"type":"object","properties":{"status":{"enum":["open","done"],"title":"Status"}}}`)
	g, err := o.Grant(wim, "job")
	if err != nil || !g.Hidden["price"] {
		t.Errorf("a field that was taken out is not hidden any more, though documents hold it: %v, %v", g, err)
	}
}

// After a version with a new required field, every document that lacks it needs
// attention, and the publisher hears how far the look through them is.
func TestPublish_Revalidates(t *testing.T) {
	const documents = 450
	o := openOffice(t)
	o.publish("job", `{"type":"object","properties":{"title":{"type":"string","title":"Title"},"site":{"type":"string","title":"Site"}}}`)
	var lacking []string
	for i := range documents {
		value := map[string]any{"title": fmt.Sprint("job ", i)}
		if i%3 == 0 {
			value["site"] = "north"
		} else {
			lacking = append(lacking, docID(i))
		}
		if _, err := o.Create(t.Context(), wim, "job", docID(i), value); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.Delete(t.Context(), eve, "job", docID(1)); err != nil {
		t.Fatal(err)
	}
	lacking = slices.DeleteFunc(lacking, func(id string) bool { return id == docID(1) })

	o.draft("job", `{"type":"object","properties":{"title":{"type":"string","title":"Title"},"site":{"type":"string","title":"Site"}},"required":["site"]}`)
	var heard []string
	ctx, cancel := context.WithCancel(t.Context())
	_, _, err := o.Publish(ctx, dana, "job", func(done, total int) {
		heard = append(heard, fmt.Sprintf("%d/%d", done, total))
		cancel() // who leaves now leaves no half-looked-at type behind
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"0/450", "200/450", "400/450", "450/450"}; !slices.Equal(heard, want) {
		t.Errorf("heard %v, want %v", heard, want)
	}
	if got := o.list(eve, "job", collections.ListRequest{State: collections.Attention, Limit: 100}); !slices.Equal(got, lacking) {
		t.Errorf("%d documents need attention, want %d", len(got), len(lacking))
	}
	d, err := o.Get(t.Context(), wim, "job", docID(2))
	if err != nil || len(d.Problems) != 1 || d.Problems[0].Rule != "required" || d.Version != 2 {
		t.Errorf("the document's problems are %+v (version %d), %v", d.Problems, d.Version, err)
	}

	o.publish("job", `{"type":"object","properties":{"title":{"type":"string","title":"Title"},"site":{"type":"string","title":"Site"}},"required":[]}`)
	if got := o.list(eve, "job", collections.ListRequest{State: collections.Attention}); len(got) != 0 {
		t.Errorf("%d documents still need attention after the field is optional again", len(got))
	}
	left, err := o.store.Items(t.Context(), "revalidation", "", 10)
	if err != nil || len(left) != 0 {
		t.Errorf("left to look at: %v, %v", left, err)
	}
}

// keptStore stays open when its engine is closed, as a database does.
type keptStore struct{ *storetest.Store }

func (keptStore) Close() error { return nil }

// A server that stopped in the middle of the look goes on with it when it starts again.
func TestPublish_ResumesRevalidation(t *testing.T) {
	const documents = 250
	store := keptStore{storetest.Memory()}
	o := openOfficeOn(t, store)
	o.publish("job", jobSchema)
	for i := range documents {
		if _, err := o.Create(t.Context(), wim, "job", docID(i), map[string]any{"title": "x"}); err != nil {
			t.Fatal(err)
		}
	}
	o.draft("job", strings.Replace(jobSchema, `"type":"object"`, `"type":"object","required":["price"]`, 1))
	_, _, err := o.Publish(t.Context(), dana, "job", func(done, total int) {
		if done == 200 {
			_ = o.Close(context.Background())
		}
	})
	if err == nil {
		t.Fatal("a publication that could not look through the documents says that it has")
	}
	again := openOfficeOn(t, store)
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		left, err := store.Items(t.Context(), "revalidation", "", 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(left) == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("still to look at: %v", left)
		}
	}
	if got := again.list(eve, "job", collections.ListRequest{State: collections.Attention, Limit: 1000}); len(got) != documents {
		t.Errorf("%d documents need attention, want %d", len(got), documents)
	}
}

// What a field rule hides is not in the schema, for whoever asks and however.
func TestTypes_HiddenFields(t *testing.T) {
	o := openOffice(t)
	o.publish("job", jobSchema)
	o.publish("job", strings.Replace(jobSchema, `"Title"`, `"What"`, 1))
	o.rule("job", `{"roles":{"worker":{"hidden":["price"]}}}`)
	ctx := t.Context()
	types, err := o.Types(ctx, wim)
	if err != nil || len(types) != 1 {
		t.Fatalf("types: %v, %v", types, err)
	}
	one, _ := o.Type(ctx, wim, "job", 0)
	old, _ := o.Type(ctx, wim, "job", 1)
	versions, _ := o.Versions(ctx, wim, "job")
	for _, seen := range append(versions, types[0], one, old) {
		if text := string(seen.Schema.JSON()); strings.Contains(strings.ToLower(text), "price") {
			t.Errorf("version %d tells of the hidden field: %s", seen.Version, text)
		}
	}
	whole, _ := o.Type(ctx, eve, "job", 0)
	if !strings.Contains(string(whole.Schema.JSON()), "price") {
		t.Error("who may see the field does not")
	}
}
