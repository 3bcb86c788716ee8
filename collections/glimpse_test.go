package collections_test

import (
	"fmt"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
)

// Ensure that of many readers who come back at the same place only the first reads what
// is nothing to any of them, and that each is told what concerns them: what is in sight,
// what came into sight, and what left it.
func TestPull_PassesOverWhatIsNothing(t *testing.T) {
	d, store := openBroken(t)
	const documents = 50
	for i := range documents {
		d.order(i+1, fmt.Sprintf(`{"title":"t","status":"open","assignee":"a%d"}`, i))
	}
	mine := func(i int) []collections.Subscription {
		return []collections.Subscription{{Type: "order", Where: where(t, fmt.Sprintf(`{"field":"assignee","is":"a%d"}`, i))}}
	}
	var readers []*device
	for i := range 8 {
		readers = append(readers, d.reader(eve, mine(i)...))
	}
	for i := range documents {
		d.patch(olga, "order", docID(i+1), `{"title":"changed"}`)
	}
	d.patch(olga, "order", docID(20), `{"assignee":"a3"}`) // comes to the fourth
	d.patch(olga, "order", docID(5), `{"assignee":"a40"}`) // leaves the fifth
	d.patch(olga, "order", docID(20), `{"title":"again"}`)
	d.order(documents+1, `{"title":"new","assignee":"a30"}`) // is nobody's
	var costs []int64
	for i, v := range readers {
		before := store.reads.Load()
		answer := v.pull(0)
		costs = append(costs, store.reads.Load()-before)
		told := map[string]bool{}
		for _, c := range answer.Changes {
			told[c.Change.Doc] = true
		}
		for _, doc := range answer.Documents {
			told[doc.ID] = true
		}
		want := map[string]bool{docID(i + 1): i != 4}
		if i == 3 {
			want[docID(20)] = true
		}
		for id, is := range want {
			if told[id] != is {
				t.Errorf("reader %d was told of %s: %v, not %v", i, id, told[id], is)
			}
			delete(told, id)
		}
		if len(told) > 0 {
			t.Errorf("reader %d was told of %v", i, told)
		}
		if forgets := len(answer.Forget) == 1 && answer.Forget[0].ID == docID(5); forgets != (i == 4) {
			t.Errorf("reader %d is to forget %v", i, answer.Forget)
		}
	}
	for i, cost := range costs[2:] {
		if cost > 20 || cost >= costs[0] {
			t.Errorf("reader %d cost %d reads, the first %d", i+2, cost, costs[0])
		}
	}
}
