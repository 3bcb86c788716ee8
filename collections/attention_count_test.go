package collections_test

import (
	"testing"

	"github.com/fieldstack/fieldstack/collections"
)

// Ensure the count is that of the list, up to its bound, after every commit, and never
// tells of what its asker does not see.
func TestCountAttention(t *testing.T) {
	d := openDepot(t)
	d.publish("order", `{"type":"object","properties":{"title":{"type":"string"},"owner":{"type":"string"},"site":{"type":"string","x-unique":true}}}`)
	count := func(a collections.Actor, most, want int) {
		t.Helper()
		for range 2 {
			if n, err := d.CountAttention(t.Context(), a, "order", most); err != nil || n != want {
				t.Errorf("%s counts %d up to %d, want %d, %v", a.Name, n, most, want, err)
			}
		}
	}
	count(olga, 9, 0)
	for i := range 5 {
		d.create(olga, "order", `{"title":"x","owner":"eve","site":"north"}`)
		count(olga, 3, min(3, i))
		count(olga, 9, i)
		count(eve, 9, i)
	}
	d.rule("order", `{"roles":{"editor":{"see":{"field":"owner","is":"$me"},"hidden":["site"]}}}`)
	count(eve, 9, 0)
	d.rule("order", `{"roles":{"editor":{"see":{"field":"owner","is":"$me"}}}}`)
	count(eve, 9, 4)
	count(eve, 2, 2)
	_, err := d.CountAttention(t.Context(), wim, "order", 9)
	wantCode(t, err, collections.Forbidden)
}
