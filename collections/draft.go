package collections

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/fieldstack/fieldstack/crdt"
)

// Draft is the edited, unpublished next version.
type Draft struct {
	Name    string          `json:"name"`
	Rev     uint64          `json:"rev"` // give it back when saving, 0 for a new draft
	Schema  json.RawMessage `json:"schema"`
	Updated int64           `json:"updated"` // ms since 1970 UTC
	By      string          `json:"by"`      // sign-in name
}

// kindDraft is the kind of the items that keep drafts; the key is the type's name.
const kindDraft = "draft"

// SaveDraft keeps a draft (it must be JSON; it need not be a valid type yet) and gives
// it back as kept, with its new Rev. Exists if somebody else saved, published or
// discarded it meanwhile.
func (e *Engine) SaveDraft(ctx context.Context, a Actor, d Draft) (*Draft, error) {
	if err := a.mayDesign(); err != nil {
		return nil, err
	}
	if !isTypeName(d.Name) {
		return nil, Errorf(Invalid, "name", "A type's name is made of the letters a to z, digits and dashes, begins with a letter and has at most %d of them; %q is not.", maxTypeName, d.Name)
	}
	if _, err := crdt.ParseValue(d.Schema, crdt.Limits{}); err != nil {
		return nil, Errorf(Invalid, "schema", "The draft is not JSON: %s", err)
	}
	d.Updated, d.By = e.now().UnixMilli(), a.Name
	data, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("collections: draft %s: %w", d.Name, err)
	}
	err = e.store.PutItem(ctx, Item{Kind: kindDraft, Key: d.Name, Rev: d.Rev, Data: data})
	if errors.Is(err, ErrStale) {
		return nil, e.movedOn(ctx, d.Name)
	}
	if err != nil {
		return nil, fmt.Errorf("collections: save draft %s: %w", d.Name, err)
	}
	d.Rev++
	return &d, nil
}

// movedOn says what became of a draft since it was read.
func (e *Engine) movedOn(ctx context.Context, name string) error {
	now, err := e.draft(ctx, name)
	if now == nil {
		return errors.Join(err, Errorf(Exists, "rev", "The draft of %s was published or discarded meanwhile: open the type again.", name))
	}
	return Errorf(Exists, "rev", "%s saved the draft of %s meanwhile: open it again and make your changes there.", now.By, name)
}

// Drafts lists the drafts by name.
func (e *Engine) Drafts(ctx context.Context, a Actor) ([]*Draft, error) {
	if err := a.mayDesign(); err != nil {
		return nil, err
	}
	var drafts []*Draft
	err := eachItem(ctx, e.store, kindDraft, func(item Item) error {
		d, err := draftOfItem(item)
		drafts = append(drafts, d)
		return err
	})
	return drafts, err
}

// Draft reads one draft; NotFound.
func (e *Engine) Draft(ctx context.Context, a Actor, name string) (*Draft, error) {
	if err := a.mayDesign(); err != nil {
		return nil, err
	}
	d, err := e.draft(ctx, name)
	if d == nil && err == nil {
		return nil, Errorf(NotFound, "", "There is no draft of %q.", name)
	}
	return d, err
}

// DiscardDraft removes a draft; one that is not there is no error.
func (e *Engine) DiscardDraft(ctx context.Context, a Actor, name string) error {
	if err := a.mayDesign(); err != nil {
		return err
	}
	there, err := e.draft(ctx, name)
	if err != nil || there == nil {
		return err
	}
	if err := e.store.DeleteItem(ctx, kindDraft, name); err != nil {
		return err
	}
	e.tell.Designed(a, Designed{Did: DidDiscard, Type: name})
	return nil
}

// draft reads a draft, nil if there is none.
func (e *Engine) draft(ctx context.Context, name string) (*Draft, error) {
	item, err := e.store.Item(ctx, kindDraft, name)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("collections: read draft %s: %w", name, err)
	}
	return draftOfItem(*item)
}

// draftOfItem reads a draft as SaveDraft keeps it; how often it was saved is the item's
// own knowledge.
func draftOfItem(item Item) (*Draft, error) {
	d := &Draft{}
	if err := json.Unmarshal(item.Data, d); err != nil {
		return nil, fmt.Errorf("collections: draft %s: %w", item.Key, err)
	}
	d.Rev = item.Rev
	return d, nil
}

// maxTypeName is the length of a type's name at most.
const maxTypeName = 64

// isTypeName reports whether name is [a-z][a-z0-9-]*, not too long.
func isTypeName(name string) bool {
	for i := range len(name) {
		c := name[i]
		switch {
		case c >= 'a' && c <= 'z':
		case i > 0 && (c >= '0' && c <= '9' || c == '-'):
		default:
			return false
		}
	}
	return name != "" && len(name) <= maxTypeName
}
