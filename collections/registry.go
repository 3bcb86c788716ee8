package collections

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// registry holds every published version of every type, and the rules, in memory. It
// is safe for concurrent use: a state is never changed, it is replaced whole, so that
// readers take no lock and one request sees one state of a type.
type registry struct {
	store Store

	// design is held from before a change of types or rules is checked until it shows,
	// so that what was checked is what it builds on. It also guards replacing types.
	design sync.Mutex

	types atomic.Pointer[map[string]*typeState]
}

// typeState is what is known of one type. Only its views grow.
type typeState struct {
	all      []*Type // version i+1 at i, never empty
	rules    *Rules  // never nil
	rulesRev uint64  // of the item, 0: none was ever set
	views    sync.Map
}

// newRegistry gives a registry that knows nothing until it is loaded.
func newRegistry(store Store) *registry {
	r := &registry{store: store}
	r.types.Store(&map[string]*typeState{})
	return r
}

// reload reads all types and rules anew, because another server changed some.
func (r *registry) reload(ctx context.Context) error {
	r.design.Lock()
	defer r.design.Unlock()
	return r.load(ctx)
}

// load reads all types and rules from the store.
func (r *registry) load(ctx context.Context) error {
	types := map[string]*typeState{}
	err := eachItem(ctx, r.store, kindType, func(item Item) error {
		t, err := typeOfItem(item)
		if err != nil {
			return err
		}
		state := types[t.Name]
		if state == nil {
			state = &typeState{rules: &Rules{}}
			types[t.Name] = state
		}
		state.all = append(state.all, t)
		if t.Version != len(state.all) {
			return fmt.Errorf("collections: type %s: version %d is missing", t.Name, len(state.all))
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = eachItem(ctx, r.store, kindRules, func(item Item) error {
		rules, err := ParseRules(item.Data)
		if err != nil {
			return fmt.Errorf("collections: rules of %s: %w", item.Key, err)
		}
		if state := types[item.Key]; state != nil {
			state.rules, state.rulesRev = rules, item.Rev
		}
		return nil
	})
	if err == nil {
		r.types.Store(&types)
	}
	return err
}

// eachItem calls f for the items of a kind by key.
func eachItem(ctx context.Context, store Store, kind string, f func(Item) error) error {
	const page = 500
	for after := ""; ; {
		items, err := store.Items(ctx, kind, after, page)
		if err != nil {
			return fmt.Errorf("collections: read %s: %w", kind, err)
		}
		for _, item := range items {
			if err := f(item); err != nil {
				return err
			}
		}
		if len(items) < page {
			return nil
		}
		after = items[len(items)-1].Key
	}
}

// names lists the types by name.
func (r *registry) names() []string { return slices.Sorted(maps.Keys(*r.types.Load())) }

// versions lists a type's versions, oldest first; nil if there is no such type.
func (r *registry) versions(name string) []*Type {
	if state := (*r.types.Load())[name]; state != nil {
		return state.all
	}
	return nil
}

// version finds a published version, nil if there is none.
func (r *registry) version(name string, version int) *Type {
	all := r.versions(name)
	if version < 1 || version > len(all) {
		return nil
	}
	return all[version-1]
}

// latest finds the latest version, nil if there is no such type.
func (r *registry) latest(name string) *Type { return r.version(name, len(r.versions(name))) }

// rules finds a type's rules, never nil where the type is known.
func (r *registry) rules(name string) (rules *Rules, known bool) {
	state := (*r.types.Load())[name]
	if state == nil {
		return nil, false
	}
	return state.rules, true
}

// rulesRev counts how often a type's rules were set.
func (r *registry) rulesRev(name string) uint64 {
	if state := (*r.types.Load())[name]; state != nil {
		return state.rulesRev
	}
	return 0
}

// add makes a new version known. The caller holds design.
func (r *registry) add(t *Type) {
	old := (*r.types.Load())[t.Name]
	state := &typeState{all: []*Type{t}, rules: &Rules{}}
	if old != nil {
		state = &typeState{all: append(slices.Clip(old.all), t), rules: old.rules, rulesRev: old.rulesRev}
	}
	r.replace(t.Name, state)
}

// setRules makes new rules hold. The caller holds design.
func (r *registry) setRules(name string, rules *Rules, rev uint64) {
	old := (*r.types.Load())[name]
	r.replace(name, &typeState{all: old.all, rules: rules, rulesRev: rev})
}

func (r *registry) replace(name string, state *typeState) {
	types := maps.Clone(*r.types.Load())
	types[name] = state
	r.types.Store(&types)
}

// view gives a version as somebody sees it from whom fields are hidden: as if they had
// never been in the schema. It is made once.
func (r *registry) view(t *Type, hidden map[string]bool) (*Type, error) {
	if len(hidden) == 0 {
		return t, nil
	}
	state := (*r.types.Load())[t.Name]
	key := fmt.Sprint(t.Version, "\x00", strings.Join(slices.Sorted(maps.Keys(hidden)), "\x00"))
	if seen, ok := state.views.Load(key); ok {
		return seen.(*Type), nil
	}
	s, err := withoutFields(t.Schema, hidden)
	if err != nil {
		return nil, fmt.Errorf("collections: type %s version %d without hidden fields: %w", t.Name, t.Version, err)
	}
	seen := *t
	seen.Schema = s
	state.views.Store(key, &seen)
	return &seen, nil
}
