package collections_test

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// thingSchema has fields of every kind that an order and a condition can meet.
const thingSchema = `{"type":"object","title":"Thing","properties":{
	"n":{"type":["number","null"]},
	"s":{"type":["string","null"]},
	"b":{"type":"boolean"},
	"v":{},
	"o":{"type":"object","properties":{"x":{"type":"number"}}},
	"tags":{"type":"array","uniqueItems":true,"items":{"type":"string"}},
	"secret":{"type":"string"}}}`

// fillThings makes documents with random values, some of them in the trash.
func fillThings(o *office, random *rand.Rand, count int) []*collections.Document {
	o.Helper()
	o.publish("thing", thingSchema)
	for i := range count {
		if _, err := o.Create(o.Context(), eve, "thing", docID(random.IntN(1<<40)<<8|i), randomThing(random)); err != nil {
			o.Fatalf("create: %v", err)
		}
	}
	ids := o.list(eve, "thing", collections.ListRequest{State: collections.Any, Limit: 1000})
	for _, id := range ids[:count/10] {
		if err := o.Delete(o.Context(), eve, "thing", id); err != nil {
			o.Fatalf("delete: %v", err)
		}
	}
	var all []*collections.Document
	for _, id := range ids {
		d, err := o.Get(o.Context(), eve, "thing", id)
		if err != nil {
			o.Fatalf("get: %v", err)
		}
		all = append(all, d)
	}
	return all
}

func randomThing(random *rand.Rand) map[string]any {
	words := []string{"", "a", "Apple", "apple pie", "Äpfel", "pump", "pump leaks", "z", "ﬁx", "😀"}
	word := func() any { return words[random.IntN(len(words))] }
	value := map[string]any{}
	put := func(key string, choices ...any) {
		if v := choices[random.IntN(len(choices))]; v != "absent" {
			value[key] = v
		}
	}
	put("n", "absent", nil, 0.0, -1.5, 7.0, 1e300, float64(random.IntN(5)))
	put("s", "absent", nil, word(), word(), word())
	put("b", "absent", true, false)
	put("v", "absent", nil, true, false, 3.0, word(), []any{1.0}, map[string]any{"k": word()})
	put("o", "absent", map[string]any{}, map[string]any{"x": float64(random.IntN(3))})
	put("tags", "absent", []any{}, []any{"hot"}, []any{"hot", "wet"})
	put("secret", "absent", word(), "hush")
	return value
}

// Every page of every list is the page of a plain sort of all documents: with any
// order, condition, search and length of page, for who sees all and for who does not.
func TestList_AgainstPlainSort(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	o := openOffice(t)
	all := fillThings(o, random, 120)
	o.rule("thing", `{"roles":{"worker":{"see":{"any":[{"field":"n","from":0},{"field":"b","is":true}]},"hidden":["secret"]}}}`)
	for i := range 150 {
		r := randomRequest(t, random)
		actor, mine := eve, slices.Clone(all)
		if i%2 == 0 {
			actor, r.State, mine = wim, collections.Live, asWorkerSees(all)
		}
		want := plainList(mine, r)
		var got []string
		for after, pages := "", 0; ; pages++ {
			r.After = after
			page, err := o.List(t.Context(), actor, "thing", r)
			if err != nil {
				t.Fatalf("%s: %v", tellRequest(r), err)
			}
			for _, d := range page.Documents {
				got = append(got, d.ID)
			}
			if page.Total != len(want) {
				t.Fatalf("%s: counts %d, want %d", tellRequest(r), page.Total, len(want))
			}
			if len(page.Documents) > r.Limit || page.Next != "" && len(page.Documents) < r.Limit {
				t.Fatalf("%s: a page has %d documents and next %q", tellRequest(r), len(page.Documents), page.Next)
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%s as %s lists\n%v, want\n%v", tellRequest(r), actor.Name, got, want)
		}
	}
}

func randomRequest(t *testing.T, random *rand.Rand) collections.ListRequest {
	fields := [][]string{{"n"}, {"s"}, {"b"}, {"v"}, {"o", "x"}, {"_updated"}, {"_created"}}
	r := collections.ListRequest{Limit: 1 + random.IntN(40), Count: true, State: collections.State(random.IntN(4))}
	for range random.IntN(4) {
		r.Sort = append(r.Sort, collections.Sort{Field: fields[random.IntN(len(fields))], Desc: random.IntN(2) == 0})
	}
	conditions := []string{`true`, `{"field":"b","is":true}`, `{"field":"n","above":0}`, `{"field":"s","starts":"AP"}`,
		`{"field":"tags","has":"wet"}`, `{"none":[{"field":"o.x","is":1}]}`, `{"field":"s","empty":true}`}
	if random.IntN(2) == 0 {
		r.Where = where(t, conditions[random.IntN(len(conditions))])
	}
	searches := []string{"", "", "ap", "apfel", "pump le", "hus", "fi", "!?", "7"}
	r.Search = searches[random.IntN(len(searches))]
	return r
}

func tellRequest(r collections.ListRequest) string {
	condition := "true"
	if r.Where != nil {
		text, _ := r.Where.MarshalJSON()
		condition = string(text)
	}
	return fmt.Sprintf("sort %v where %s search %q state %d limit %d", r.Sort, condition, r.Search, r.State, r.Limit)
}

// asWorkerSees applies the test's rules by hand.
func asWorkerSees(all []*collections.Document) []*collections.Document {
	var mine []*collections.Document
	for _, d := range all {
		n, isNumber := d.Value["n"].(float64)
		if !(isNumber && n >= 0) && d.Value["b"] != true {
			continue
		}
		seen := *d
		seen.Value = map[string]any{}
		for key, v := range d.Value {
			if key != "secret" {
				seen.Value[key] = v
			}
		}
		mine = append(mine, &seen)
	}
	return mine
}

// plainList is what a list means, done the plain way.
func plainList(all []*collections.Document, r collections.ListRequest) []string {
	all = slices.DeleteFunc(all, func(d *collections.Document) bool {
		inState := map[collections.State]bool{
			collections.Live: !d.Deleted, collections.Trash: d.Deleted, collections.Any: true,
			collections.Attention: !d.Deleted && len(d.Problems)+len(d.Disagreements) > 0,
		}
		return !inState[r.State] || !r.Where.Match(d.Value) || !plainSearch(d.Value, r.Search)
	})
	slices.SortFunc(all, func(a, b *collections.Document) int {
		for _, key := range r.Sort {
			c := comparePlain(plainField(a, key.Field), plainField(b, key.Field))
			if key.Desc {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return strings.Compare(a.ID, b.ID)
	})
	var ids []string
	for _, d := range all {
		ids = append(ids, d.ID)
	}
	return ids
}

func plainField(d *collections.Document, path []string) any {
	switch path[0] {
	case "_updated":
		return float64(d.Updated)
	case "_created":
		return float64(d.Created)
	}
	v := d.Value[path[0]]
	for _, key := range path[1:] {
		inner, _ := v.(map[string]any)
		v = inner[key]
	}
	return v
}

// comparePlain follows the comment at Sort: absent and null, false, true, numbers,
// strings by code point, then all the rest, equal.
func comparePlain(a, b any) int {
	kind := func(v any) int {
		switch v {
		case nil:
			return 0
		case false:
			return 1
		case true:
			return 2
		}
		switch v.(type) {
		case float64:
			return 3
		case string:
			return 4
		}
		return 5
	}
	switch {
	case kind(a) != kind(b):
		return cmp.Compare(kind(a), kind(b))
	case kind(a) == 3:
		return cmp.Compare(a.(float64), b.(float64))
	case kind(a) == 4:
		return slices.Compare([]rune(a.(string)), []rune(b.(string)))
	}
	return 0
}

// plainSearch says whether for each word a word of the value begins with it.
func plainSearch(value map[string]any, search string) bool {
	for _, wanted := range schema.Words(search) {
		if !slices.ContainsFunc(schema.Words(value), func(w string) bool { return strings.HasPrefix(w, wanted) }) {
			return false
		}
	}
	return true
}

// Pages go on where they ended while documents come, go and change places: what stays
// where it is comes exactly once.
func TestList_PagesWhileWriting(t *testing.T) {
	o := openOffice(t)
	o.publish("thing", thingSchema)
	for i := range 40 {
		if _, err := o.Create(t.Context(), eve, "thing", docID(10*i), map[string]any{"n": float64(i)}); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]int{}
	r := collections.ListRequest{Sort: []collections.Sort{{Field: []string{"n"}}}, Limit: 3}
	for i := 0; ; i++ {
		page, err := o.List(t.Context(), eve, "thing", r)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page.Documents {
			seen[d.ID]++
		}
		if r.After = page.Next; r.After == "" {
			break
		}
		// The last of the page goes, and another comes in front of the place.
		last := page.Documents[len(page.Documents)-1]
		if err := o.Delete(t.Context(), eve, "thing", last.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Create(t.Context(), eve, "thing", docID(10*i+5), map[string]any{"n": -1.0}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 40 {
		if seen[docID(10*i)] != 1 {
			t.Errorf("document %d came %d times", i, seen[docID(10*i)])
		}
	}
}

// What is wrong with a request is refused and named; a page key of another order, or
// made up, is not taken for a place.
func TestList_Refused(t *testing.T) {
	o := openOffice(t)
	o.publish("thing", thingSchema)
	for i := range 3 {
		if _, err := o.Create(t.Context(), eve, "thing", docID(i), map[string]any{"n": float64(i)}); err != nil {
			t.Fatal(err)
		}
	}
	byN := []collections.Sort{{Field: []string{"n"}}}
	page, err := o.List(t.Context(), eve, "thing", collections.ListRequest{Sort: byN, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	sortBy := func(path ...string) collections.ListRequest {
		return collections.ListRequest{Sort: []collections.Sort{{Field: path}}}
	}
	for name, c := range map[string]struct {
		r     collections.ListRequest
		field string
		code  collections.Code
	}{
		"limit below":     {collections.ListRequest{Limit: -1}, "limit", collections.Invalid},
		"limit above":     {collections.ListRequest{Limit: 1001}, "limit", collections.Invalid},
		"state":           {collections.ListRequest{State: 9}, "state", collections.Invalid},
		"since":           {collections.ListRequest{Since: -1}, "updatedAfter", collections.Invalid},
		"unknown field":   {collections.ListRequest{Where: where(t, `{"field":"x","is":1}`)}, "where/field", collections.Invalid},
		"wrong value":     {collections.ListRequest{Where: where(t, `{"all":[{"field":"b","is":"yes"}]}`)}, "where/all/0/is", collections.Invalid},
		"sort unknown":    {sortBy("x"), "sort", collections.Invalid},
		"sort nothing":    {sortBy(), "sort", collections.Invalid},
		"sort list":       {sortBy("tags"), "sort", collections.Invalid},
		"sort into list":  {sortBy("tags", "0"), "sort", collections.Invalid},
		"sort object":     {sortBy("o"), "sort", collections.Invalid},
		"sort too much":   {collections.ListRequest{Sort: slices.Repeat(byN, 5)}, "sort", collections.Invalid},
		"long search":     {collections.ListRequest{Search: "a b c d e f g h i j k l m n o p q"}, "search", collections.Invalid},
		"other order":     {collections.ListRequest{After: page.Next}, "after", collections.Invalid},
		"other direction": {collections.ListRequest{After: page.Next, Sort: []collections.Sort{{Field: []string{"n"}, Desc: true}}}, "after", collections.Invalid},
		"made up":         {collections.ListRequest{After: "bm8"}, "after", collections.Invalid},
		"no base64":       {collections.ListRequest{After: "+++", Sort: byN}, "after", collections.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := o.List(t.Context(), eve, "thing", c.r)
			if e := wantCode(t, err, c.code); e.Field != c.field {
				t.Errorf("the error is about %q (%s), want %q", e.Field, e.Message, c.field)
			}
		})
	}
	_, err = o.List(t.Context(), eve, "thong", collections.ListRequest{})
	wantCode(t, err, collections.NotFound)
}

// The trash and what needs attention are for editors; a worker does not even learn
// that a document is in the trash.
func TestList_TrashAndAttention(t *testing.T) {
	o := openOffice(t)
	o.publish("job", jobSchema)
	for i := range 3 {
		if _, err := o.Create(t.Context(), wim, "job", docID(i), map[string]any{"title": "x"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.Delete(t.Context(), wim, "job", docID(0)); err != nil {
		t.Fatal(err)
	}
	reader := eve
	reader.Scopes = []string{"read"}
	for _, a := range []collections.Actor{olga, dana, eve, reader} {
		if got := o.list(a, "job", collections.ListRequest{State: collections.Trash}); !slices.Equal(got, []string{docID(0)}) {
			t.Errorf("%s finds %v in the trash", a.Name, got)
		}
		if d, err := o.Get(t.Context(), a, "job", docID(0)); err != nil || !d.Deleted {
			t.Errorf("%s reads %v, %v from the trash", a.Name, d, err)
		}
	}
	for _, state := range []collections.State{collections.Trash, collections.Attention, collections.Any} {
		_, err := o.List(t.Context(), wim, "job", collections.ListRequest{State: state})
		wantCode(t, err, collections.Forbidden)
	}
	_, gone := o.Get(t.Context(), wim, "job", docID(0))
	_, never := o.Get(t.Context(), wim, "job", docID(9))
	if strings.ReplaceAll(gone.Error(), docID(0), docID(9)) != never.Error() {
		t.Errorf("%q can be told from %q", gone, never)
	}
	_, _, gone = o.History(t.Context(), wim, "job", docID(0), "", "", 0)
	wantCode(t, gone, collections.NotFound)
	if got := o.list(wim, "job", collections.ListRequest{}); !slices.Equal(got, []string{docID(1), docID(2)}) {
		t.Errorf("a worker lists %v", got)
	}
	if _, err := o.Restore(t.Context(), eve, "job", docID(0)); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Get(t.Context(), wim, "job", docID(0)); err != nil {
		t.Errorf("a restored document is not there: %v", err)
	}
}

// Since tells what was updated after a time, and the default page is 50.
func TestList_SinceAndDefaults(t *testing.T) {
	o := openOffice(t)
	o.publish("job", jobSchema)
	var middle int64
	for i := range 60 {
		d, err := o.Create(t.Context(), wim, "job", docID(i), map[string]any{"title": "x"})
		if err != nil {
			t.Fatal(err)
		}
		if i == 29 {
			middle = d.Updated
		}
	}
	if got := o.list(wim, "job", collections.ListRequest{Since: middle}); len(got) != 30 || got[0] != docID(30) {
		t.Errorf("since the middle: %d documents", len(got))
	}
	page, err := o.List(t.Context(), wim, "job", collections.ListRequest{})
	if err != nil || len(page.Documents) != 50 || page.Next == "" || page.Total != -1 {
		t.Errorf("a plain page has %d documents, next %q, total %d, %v", len(page.Documents), page.Next, page.Total, err)
	}
	empty, err := o.List(t.Context(), wim, "job", collections.ListRequest{Where: where(t, `false`), Count: true})
	if err != nil || asJSON(t, empty) != `{"documents":[],"total":0}` {
		t.Errorf("an empty page is %s, %v", asJSON(t, empty), err)
	}
}

// $me, $now and $today are those of who asks.
func TestList_Variables(t *testing.T) {
	o := openOffice(t)
	o.publish("job", jobSchema)
	for i, who := range []string{"wim", "wilo", "$me", "2026-03-02"} {
		if _, err := o.Create(t.Context(), eve, "job", docID(i), map[string]any{"assignee": who}); err != nil {
			t.Fatal(err)
		}
	}
	for condition, want := range map[string]int{
		`{"field":"assignee","is":"$me"}`:    0,
		`{"field":"assignee","is":"$today"}`: 3,
	} {
		got := o.list(wim, "job", collections.ListRequest{Where: where(t, condition)})
		if !slices.Equal(got, []string{docID(want)}) {
			t.Errorf("%s lists %v, want %s", condition, got, docID(want))
		}
	}
}

// A search finds documents by the beginnings of words, accents and letter case aside,
// and no field's long text crowds out another's words.
func TestList_Search(t *testing.T) {
	o := openOffice(t)
	o.publish("job", jobSchema)
	var long strings.Builder
	for i := range 1500 {
		fmt.Fprintf(&long, "word%04d ", i)
	}
	for i, value := range []map[string]any{
		{"title": "Crème brûlée torch", "assignee": "Ann"},
		{"title": "Replace pump № 12", "price": 4711.0},
		{"assignee": long.String(), "title": "Zoë"},
	} {
		if _, err := o.Create(t.Context(), eve, "job", docID(i), value); err != nil {
			t.Fatal(err)
		}
	}
	for search, want := range map[string][]string{
		"creme":         {docID(0)},
		"BRUL to":       {docID(0)},
		"rulee":         nil,
		"pump 12":       {docID(1)},
		"4711":          {docID(1)},
		"zoe":           {docID(2)},
		"ann pump":      nil,
		" -- ":          {docID(0), docID(1), docID(2)},
		"word0001 zoe":  {docID(2)},
		"title":         nil,
		"torch, Crème!": {docID(0)},
	} {
		if got := o.list(wim, "job", collections.ListRequest{Search: search}); !slices.Equal(got, want) {
			t.Errorf("search %q finds %v, want %v", search, got, want)
		}
	}
}

// A store that fails is the server's fault and never an answer to read.
func TestList_StoreFails(t *testing.T) {
	o := openOffice(t)
	o.publish("job", jobSchema)
	if err := o.store.Close(); err != nil {
		t.Fatal(err)
	}
	var e *collections.Error
	if _, err := o.List(t.Context(), wim, "job", collections.ListRequest{}); err == nil || errors.As(err, &e) {
		t.Errorf("a list from a closed store gives %v", err)
	}
	if _, err := o.Get(t.Context(), wim, "job", docID(1)); err == nil || errors.As(err, &e) {
		t.Errorf("a document from a closed store gives %v", err)
	}
}
