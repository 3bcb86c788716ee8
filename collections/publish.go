package collections

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/fieldstack/fieldstack/schema"
)

// Publish makes the draft the next version (1 for a new type), then looks through the
// type's documents for what the new version finds wrong; progress may be nil. A
// comparison with refused differences is an Invalid error that names the field, and
// comes with the comparison.
//
// Once the version is out, ctx no longer stops the look through the documents: a
// version that half of them know would be worse than a caller who waits. Closing the
// engine does, and Open goes on with it.
func (e *Engine) Publish(ctx context.Context, a Actor, name string, progress func(done, total int)) (*Type, *schema.Comparison, error) {
	if err := a.mayDesign(); err != nil {
		return nil, nil, err
	}
	t, comparison, err := e.publish(ctx, a, name)
	if err != nil {
		return nil, comparison, err
	}
	e.tell.Designed(a, Designed{Did: DidPublish, Type: name, Version: t.Version})
	ctx = context.WithoutCancel(ctx)
	if err := e.indexFields(ctx, t); err != nil {
		return t, comparison, err
	}
	return t, comparison, e.revalidate(ctx, name, progress)
}

// Preview says what publishing the draft would change. What would be refused is in the
// comparison; an error is about the draft itself.
func (e *Engine) Preview(ctx context.Context, a Actor, name string) (*schema.Comparison, error) {
	if err := a.mayDesign(); err != nil {
		return nil, err
	}
	p, err := e.prepare(ctx, name)
	if err != nil {
		return nil, err
	}
	return p.comparison, nil
}

// publish checks the draft and writes its version.
func (e *Engine) publish(ctx context.Context, a Actor, name string) (*Type, *schema.Comparison, error) {
	e.reg.design.Lock()
	defer e.reg.design.Unlock()
	p, err := e.prepare(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	if err := p.check(e.reg); err != nil {
		return nil, p.comparison, err
	}
	t := &Type{Name: name, Version: len(p.history) + 1, Published: e.now().UnixMilli(), By: a.Name, Schema: p.next}
	item, err := itemOfType(t, p.draft.Schema)
	if err != nil {
		return nil, nil, fmt.Errorf("collections: publish %s: %w", name, err)
	}
	items, err := e.withRevalidation(ctx, name, item)
	if err != nil {
		return nil, nil, err
	}
	entry := Entry{Kind: EntryType, At: t.Published, By: t.By, Type: name, Version: t.Version}
	if err := e.announce(ctx, entry, items, func() { e.reg.add(t) }); err != nil {
		return nil, nil, err
	}
	return t, p.comparison, e.store.DeleteItem(context.WithoutCancel(ctx), kindDraft, name)
}

// proposal is a draft beside what it would follow.
type proposal struct {
	draft      *Draft
	next       *schema.Schema
	history    []*Type // oldest first; none for a new type
	comparison *schema.Comparison
}

// prepare reads a draft and compares it. Invalid when it is no type.
func (e *Engine) prepare(ctx context.Context, name string) (*proposal, error) {
	draft, err := e.draft(ctx, name)
	if err != nil {
		return nil, err
	}
	if draft == nil {
		return nil, Errorf(NotFound, "", "There is no draft of %q to publish.", name)
	}
	next, err := schema.Parse(draft.Schema)
	if err != nil {
		return nil, schemaFault(err)
	}
	p := &proposal{draft: draft, next: next, history: e.reg.versions(name), comparison: &schema.Comparison{Changes: []schema.Difference{}}}
	if len(p.history) > 0 {
		p.comparison = schema.Compare(p.history[len(p.history)-1].Schema, next)
		p.comparison.Changes = append(p.comparison.Changes, schema.Returned(schemasOf(p.history), next)...)
	}
	return p, nil
}

func schemasOf(types []*Type) []*schema.Schema {
	schemas := make([]*schema.Schema, len(types))
	for i, t := range types {
		schemas[i] = t.Schema
	}
	return schemas
}

// check says why the draft may not be published.
func (p *proposal) check(reg *registry) error {
	if refused := p.comparison.Refused(); len(refused) > 0 {
		return Refuse(Invalid, pointer(refused[0].Path), andMore(refused[0].Message, len(refused)))
	}
	if len(p.history) == 0 {
		return nil
	}
	latest := p.history[len(p.history)-1]
	if bytes.Equal(latest.Schema.JSON(), p.next.JSON()) {
		return Errorf(Invalid, "schema", "The draft is the same as version %d: there is nothing to publish.", latest.Version)
	}
	rules, _ := reg.rules(latest.Name)
	versions := append(slices.Clip(p.history), &Type{Name: latest.Name, Version: latest.Version + 1, Schema: p.next})
	if err := checkRules(rules, versions); err != nil {
		return Errorf(Invalid, err.Field, "The type's rules would no longer fit; change them first. %s", err.Message)
	}
	return nil
}

// schemaFault is the error of a draft that is no type: the first thing wrong with it.
func schemaFault(err error) *Error {
	faults := schema.Errors(err)
	if len(faults) == 0 {
		return Errorf(Invalid, "schema", "The draft is no type: %s", err)
	}
	first := faults[0]
	return Refuse(Invalid, first.Path, andMore(schema.OfError(first), len(faults)))
}

// andMore says after the first of n mistakes that it is not the only one.
func andMore(first schema.Sentence, n int) schema.Sentence {
	switch n {
	case 0, 1:
		return first
	case 2:
		return schema.Says("%s One more thing is wrong with it.", first)
	}
	return schema.Says("%s %d more things are wrong with it.", first, n-1)
}

// announce writes a line about a type to the log, and items with it, as one commit;
// then is called when it is durable, before anybody reads of it.
func (e *Engine) announce(ctx context.Context, entry Entry, items []Item, then func()) error {
	// What the caller gave up on may be written all the same, and the registry's lock
	// must be held until that is known.
	return e.commit(context.WithoutCancel(ctx), nil, func(r *round) error {
		r.entry(entry)
		for _, item := range items {
			r.item(item)
		}
		r.then(then)
		return nil
	})
}

// indexFields asks the store for what looking up unique values and references needs,
// for the fields that the type says people look by, and for what changed last.
func (e *Engine) indexFields(ctx context.Context, t *Type) error { return indexFields(ctx, e.store, t) }

func indexFields(ctx context.Context, store Store, t *Type) error {
	if err := store.EnsureIndex(ctx, t.Name, []string{"_updated"}); err != nil {
		return fmt.Errorf("collections: index the times of %s: %w", t.Name, err)
	}
	for _, field := range t.Schema.Fields() {
		if !field.Unique && !field.Index && field.Reference == "" || slices.Contains(field.Path, "*") {
			continue
		}
		if err := store.EnsureIndex(ctx, t.Name, field.Path); err != nil {
			return fmt.Errorf("collections: index %s of %s: %w", field.Path, t.Name, err)
		}
	}
	return nil
}

// EnsureIndexes asks a store for all that its types are looked up by, as publishing them
// did: for a store that was made of parts.
func EnsureIndexes(ctx context.Context, store Store) error {
	r := newRegistry(store)
	if err := r.load(ctx); err != nil {
		return err
	}
	for _, name := range r.names() {
		versions := r.versions(name)
		if err := indexFields(ctx, store, versions[len(versions)-1]); err != nil {
			return err
		}
	}
	return nil
}
