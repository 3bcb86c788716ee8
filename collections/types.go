package collections

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/fieldstack/fieldstack/schema"
)

// Type is a published version. It is read only.
type Type struct {
	Name      string         `json:"name"`
	Version   int            `json:"version"`
	Published int64          `json:"published"` // ms since 1970 UTC
	By        string         `json:"by"`
	Schema    *schema.Schema `json:"-"`
}

// Types lists the latest version of each type that the actor may know, by name. What
// a field rule hides is left out of the schema.
func (e *Engine) Types(ctx context.Context, a Actor) ([]*Type, error) {
	var types []*Type
	for _, name := range e.reg.names() {
		g, err := e.grant(a, name)
		if err != nil {
			continue
		}
		seen, err := e.reg.view(e.reg.latest(name), g.Hidden)
		if err != nil {
			return nil, err
		}
		types = append(types, seen)
	}
	return types, nil
}

// Type finds one version, 0 for the latest. NotFound.
func (e *Engine) Type(ctx context.Context, a Actor, name string, version int) (*Type, error) {
	g, err := e.grant(a, name)
	if err != nil {
		return nil, err
	}
	t := e.reg.latest(name)
	if version != 0 {
		t = e.reg.version(name, version)
	}
	if t == nil {
		return nil, Errorf(NotFound, "version", "%s has no version %d: its latest is %d.", name, version, e.reg.latest(name).Version)
	}
	return e.reg.view(t, g.Hidden)
}

// Versions lists all versions of a type, oldest first.
func (e *Engine) Versions(ctx context.Context, a Actor, name string) ([]*Type, error) {
	g, err := e.grant(a, name)
	if err != nil {
		return nil, err
	}
	versions := e.reg.versions(name)
	seen := make([]*Type, len(versions))
	for i, t := range versions {
		if seen[i], err = e.reg.view(t, g.Hidden); err != nil {
			return nil, err
		}
	}
	return seen, nil
}

// kindType is the kind of the items that keep published versions.
const kindType = "type"

// typeItem is a published version as it is kept. Schema is the text as it was drafted.
type typeItem struct {
	Name      string          `json:"name"`
	Version   int             `json:"version"`
	Published int64           `json:"published"`
	By        string          `json:"by"`
	Schema    json.RawMessage `json:"schema"`
}

// typeKey sorts the versions of a type by number.
func typeKey(name string, version int) string { return fmt.Sprintf("%s/%06d", name, version) }

// itemOfType gives the item that keeps a version; text is its schema as drafted.
func itemOfType(t *Type, text []byte) (Item, error) {
	data, err := json.Marshal(typeItem{t.Name, t.Version, t.Published, t.By, text})
	return Item{Kind: kindType, Key: typeKey(t.Name, t.Version), Data: data}, err
}

// typeOfItem reads what itemOfType wrote.
func typeOfItem(item Item) (*Type, error) {
	var kept typeItem
	if err := json.Unmarshal(item.Data, &kept); err != nil {
		return nil, fmt.Errorf("collections: type %s: %w", item.Key, err)
	}
	s, err := schema.Parse(kept.Schema)
	if err != nil {
		return nil, fmt.Errorf("collections: type %s: %w", item.Key, err)
	}
	return &Type{kept.Name, kept.Version, kept.Published, kept.By, s}, nil
}
