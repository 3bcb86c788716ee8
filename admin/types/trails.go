package types

import (
	"slices"
	"sync"

	"github.com/fieldstack/fieldstack/studio"
)

// Bounds of what is remembered: commands of one person on one draft, and such pairs.
const (
	maxSteps  = 60
	maxTrails = 200
	maxOrders = 500 // sent again, they are known
)

// trails is who can take back what. It is in memory: after a restart of the server there
// is nothing to take back, and the draft is as it was. Safe for concurrent use.
type trails struct {
	mu    sync.Mutex
	of    map[author]*trail
	order []author // the one used last is last

	orders []named // that were made, the last one last
}

// named is an order by the name that its sender gave it.
type named struct {
	by   author
	once string
}

// author is one person at one draft.
type author struct{ user, typ string }

// trail is what one person did to one draft.
type trail struct {
	rev  uint64 // of the draft after the last of it: a lower one is another draft
	undo []step
	redo []step
}

// step takes something back.
type step struct {
	command studio.Command
	told    string // what it takes back, in words
}

func newTrails() *trails { return &trails{of: map[author]*trail{}} }

// at finds a trail, or begins one; t.mu is held. A trail of a draft that is gone is
// forgotten.
func (t *trails) at(a author, rev uint64) *trail {
	now := t.of[a]
	if now == nil || rev < now.rev {
		now = &trail{}
		t.of[a] = now
	}
	for i, other := range t.order {
		if other == a {
			t.order = append(t.order[:i], t.order[i+1:]...)
			break
		}
	}
	t.order = append(t.order, a)
	if len(t.order) > maxTrails {
		delete(t.of, t.order[0])
		t.order = t.order[1:]
	}
	return now
}

// did notes what takes back a change that made the draft's rev.
func (t *trails) did(a author, rev uint64, back step) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.at(a, rev)
	now.undo, now.redo, now.rev = push(now.undo, back), nil, rev
}

// undid notes that the last step was taken back, and what makes it again.
func (t *trails) undid(a author, rev uint64, again step) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.at(a, rev)
	now.undo, now.redo, now.rev = pop(now.undo), push(now.redo, again), rev
}

// redid notes that what was taken back was made again, and what takes it back.
func (t *trails) redid(a author, rev uint64, back step) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.at(a, rev)
	now.redo, now.undo, now.rev = pop(now.redo), push(now.undo, back), rev
}

// last gives what can be taken back and made again; false for nothing.
func (t *trails) last(a author, rev uint64) (undo, redo step, canUndo, canRedo bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.of[a]
	if now == nil || rev < now.rev {
		return
	}
	undo, canUndo = top(now.undo)
	redo, canRedo = top(now.redo)
	return
}

func push(list []step, s step) []step {
	if list = append(list, s); len(list) > maxSteps {
		list = list[1:]
	}
	return list
}

func pop(list []step) []step {
	if len(list) == 0 {
		return nil
	}
	return list[:len(list)-1]
}

func top(list []step) (step, bool) {
	if len(list) == 0 {
		return step{}, false
	}
	return list[len(list)-1], true
}

// drop forgets the last step of one direction.
func (t *trails) drop(a author, redo bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.of[a]
	switch {
	case now == nil:
	case redo:
		now.redo = pop(now.redo)
	default:
		now.undo = pop(now.undo)
	}
}

// note keeps the name of an order that was made; "" is none.
func (t *trails) note(a author, once string) {
	if once == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.orders = append(t.orders, named{a, once}); len(t.orders) > maxOrders {
		t.orders = slices.Delete(t.orders, 0, len(t.orders)-maxOrders)
	}
}

// made reports whether an order was made already: its sender did not hear of it.
func (t *trails) made(a author, once string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return once != "" && slices.Contains(t.orders, named{a, once})
}
