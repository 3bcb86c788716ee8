package collections_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
)

const assetSchema = `{"type":"object","properties":{
	"tag":{"type":"string","title":"Tag","x-unique":true},
	"name":{"type":"string"}}}`

// Ensure the one that had a value first holds it, later ones are kept and listed, and
// the oldest of those holds it when it is let go of, in whatever way.
func TestUnique_ComesAndGoes(t *testing.T) {
	for name, letGo := range map[string]func(d *depot, id string){
		"by another value": func(d *depot, id string) { d.patch(olga, "asset", id, `{"tag":"B"}`) },
		"by no value":      func(d *depot, id string) { d.patch(olga, "asset", id, `{"tag":null}`) },
		"by an empty one":  func(d *depot, id string) { d.patch(olga, "asset", id, `{"tag":""}`) },
		"into the trash": func(d *depot, id string) {
			if err := d.Delete(d.Context(), olga, "asset", id); err != nil {
				d.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := openDepot(t)
			d.publish("asset", assetSchema)
			first := d.create(olga, "asset", `{"tag":"A"}`)
			d.millis.Add(1)
			second := d.create(olga, "asset", `{"tag":"A"}`)
			d.millis.Add(1)
			third := d.create(olga, "asset", `{"tag":"A"}`)
			d.create(olga, "asset", `{"name":"none"}`)
			d.create(olga, "asset", `{"name":"none either"}`)
			expect := func(want ...string) {
				t.Helper()
				for i, id := range []string{first, second, third} {
					if got := d.problems("asset", id); got != want[i] {
						t.Errorf("asset %d has problems %q, want %q", i+1, got, want[i])
					}
				}
			}
			const taken = "x-unique /tag"
			expect("", taken, taken)
			d.patch(olga, "asset", second, `{"name":"edited"}`) // changes nothing about it
			d.patch(olga, "asset", first, `{"name":"edited"}`)
			expect("", taken, taken)
			letGo(d, first)
			expect("", "", taken)
			d.patch(olga, "asset", third, `{"tag":"C"}`)
			expect("", "", "")
			d.patch(olga, "asset", third, `{"tag":"A"}`)
			expect("", "", taken)
			if d.document("asset", first).Deleted() {
				if _, err := d.Restore(t.Context(), olga, "asset", first); err != nil {
					t.Fatal(err)
				}
				expect(taken, "", taken) // it comes later now
			}
			d.checkReplay("asset")
		})
	}
}

// Ensure the same holds for what arrives in one commit.
func TestUnique_InOneCommit(t *testing.T) {
	d := openDepot(t)
	d.publish("asset", assetSchema)
	holder := d.create(olga, "asset", `{"tag":"A"}`)
	results, err := d.WriteAll(t.Context(), olga, "asset", []collections.Write{
		{ID: docID(1), Value: map[string]any{"tag": "A"}},
		{ID: docID(2), Value: map[string]any{"tag": "B"}},
		{ID: docID(3), Value: map[string]any{"tag": "B"}},
		{ID: holder, Modify: true, Value: map[string]any{"tag": "C"}},
		{ID: docID(4), Value: map[string]any{"tag": "C"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"", "", "x-unique /tag", "", "x-unique /tag"} {
		if got := d.problems("asset", results[i].ID); got != want {
			t.Errorf("write %d has problems %q, want %q", i+1, got, want)
		}
	}
}

// Ensure a field that becomes unique finds the ones that were there twice.
func TestUnique_AddedLater(t *testing.T) {
	d := openDepot(t)
	d.publish("asset", `{"type":"object","properties":{"tag":{"type":"string"},"name":{"type":"string"}}}`)
	for range 3 {
		d.create(olga, "asset", `{"tag":"A"}`)
	}
	d.publish("asset", assetSchema)
	listed := 0
	for _, record := range d.records("asset") {
		if d.problems("asset", record.ID) != "" {
			listed++
		}
	}
	if listed != 2 {
		t.Errorf("%d of three equal ones are listed, want 2", listed)
	}
}

// Ensure that after any writes, of all live records with one value exactly one is not
// listed.
func TestUnique_Property(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 3))
			d := openDepot(t)
			d.publish("asset", assetSchema)
			for range 40 {
				writes := make([]collections.Write, 1+random.IntN(6))
				for i := range writes {
					tag := fmt.Sprint(random.IntN(3))
					writes[i] = collections.Write{ID: docID(random.IntN(8)), Value: map[string]any{"tag": tag}, Modify: true}
					switch random.IntN(4) {
					case 0:
						writes[i].Modify = false
					case 1:
						writes[i].Remove = true
					}
				}
				if _, err := d.WriteAll(context.Background(), olga, "asset", writes); err != nil {
					t.Fatal(err)
				}
				if random.IntN(4) == 0 {
					_, _ = d.Restore(context.Background(), olga, "asset", docID(random.IntN(8)))
				}
				free := map[string]int{}
				for _, record := range d.records("asset") {
					if tag := d.document("asset", record.ID).Value()["tag"].(string); !record.Deleted {
						free[tag] += 0
						if d.problems("asset", record.ID) == "" {
							free[tag]++
						}
					}
				}
				for tag, n := range free {
					if n != 1 {
						t.Fatalf("%d records hold %q, want 1", n, tag)
					}
				}
			}
		})
	}
}

// Ensure a reference that leads nowhere is listed for as long as it does.
func TestReference_ComesAndGoes(t *testing.T) {
	d := openDepot(t)
	d.publish("site", `{"type":"object","properties":{"name":{"type":"string"}}}`)
	d.publish("visit", `{"type":"object","properties":{
		"site":{"type":"string","title":"Site","x-ref":"site"},
		"also":{"type":"array","items":{"type":"object","properties":{"site":{"type":"string","x-ref":"site"}}}}}}`)
	const dangling = "x-ref /site"
	visit := d.create(olga, "visit", `{"site":"`+docID(1)+`"}`)
	expect := func(want string) {
		t.Helper()
		if got := d.problems("visit", visit); got != want {
			t.Errorf("the visit has problems %q, want %q", got, want)
		}
	}
	expect(dangling)
	if _, err := d.Create(t.Context(), olga, "site", docID(1), map[string]any{"name": "Harbour"}); err != nil {
		t.Fatal(err)
	}
	expect("")
	if err := d.Delete(t.Context(), olga, "site", docID(1)); err != nil {
		t.Fatal(err)
	}
	expect(dangling)
	if _, err := d.Restore(t.Context(), olga, "site", docID(1)); err != nil {
		t.Fatal(err)
	}
	expect("")
	d.patch(olga, "visit", visit, `{"site":"`+docID(2)+`"}`)
	expect(dangling)
	d.patch(olga, "visit", visit, `{"site":null,"also":[{"site":"`+docID(1)+`"},{"site":"`+docID(3)+`"}]}`)
	expect("x-ref /also")
	d.patch(olga, "visit", visit, `{"also":[{"site":"`+docID(1)+`"}]}`)
	expect("")
	d.checkReplay("visit", "site")
}

// Ensure a record that many refer to wakes all of them, though one commit looks at a
// page of them only.
func TestReference_ManyReferrers(t *testing.T) {
	d := openDepot(t)
	d.publish("site", `{"type":"object","properties":{"name":{"type":"string"}}}`)
	d.publish("visit", `{"type":"object","properties":{"site":{"type":"string","x-ref":"site"}}}`)
	const visits = 1200
	for range visits / 400 {
		writes := make([]collections.Write, 400)
		for i := range writes {
			writes[i].Value = map[string]any{"site": docID(1)}
		}
		if _, err := d.WriteAll(t.Context(), olga, "visit", writes); err != nil {
			t.Fatal(err)
		}
	}
	listed := func() (n int) {
		for _, record := range d.records("visit") {
			if record.Attention {
				n++
			}
		}
		return n
	}
	if got := listed(); got != visits {
		t.Fatalf("%d are listed, want all %d", got, visits)
	}
	if _, err := d.Create(t.Context(), olga, "site", docID(1), map[string]any{"name": "Harbour"}); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "all visits to be looked at", func() bool { return listed() == 0 })
}
