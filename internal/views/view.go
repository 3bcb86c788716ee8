package views

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/fieldstack/fieldstack/collections"
)

// View is a look under a name.
type View struct {
	ID     string `json:"id"`
	Rev    uint64 `json:"-"`
	Type   string `json:"type"`
	Name   string `json:"name"`
	Owner  string `json:"owner"` // account id of who made it
	By     string `json:"by"`    // … and their sign-in name
	Shared bool   `json:"shared,omitempty"`
	Look   Look   `json:"look"`
}

// The bounds of views: how long a name is, in code points, and how many views of one
// type somebody has of their own, or all share.
const (
	maxName = 60
	maxOwn  = 50
)

// MayShare reports whether somebody may share views, and change those that are shared.
func MayShare(a collections.Actor) bool { return a.Role.Includes(collections.Editor) }

// Changes reports whether somebody may change a view or take it away.
func (v *View) Changes(a collections.Actor) bool {
	return v.Owner == a.User || v.Shared && MayShare(a)
}

// List gives somebody's own views of a type and the shared ones, by name. It does not ask
// whether they may know the type.
func (s *Store) List(ctx context.Context, a collections.Actor, typ string) ([]*View, error) {
	own, err := s.list(ctx, ownFolder(a.User, typ))
	if err != nil {
		return nil, err
	}
	shared, err := s.list(ctx, sharedFolder(typ))
	if err != nil {
		return nil, err
	}
	all := append(own, shared...)
	slices.SortStableFunc(all, func(a, b *View) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return all, nil
}

// Find gives one of the views that List gives.
func (s *Store) Find(ctx context.Context, a collections.Actor, typ, id string) (*View, error) {
	for _, folder := range []string{ownFolder(a.User, typ), sharedFolder(typ)} {
		v, err := s.load(ctx, folder+id)
		if err == nil || !errors.Is(err, collections.ErrNotFound) {
			return v, err
		}
	}
	return nil, collections.Errorf(collections.NotFound, "", "There is no such view: it may have been taken away.")
}

// Make keeps a new view of somebody's. Type, Name, Shared and Look are the caller's.
func (s *Store) Make(ctx context.Context, a collections.Actor, v View) (*View, error) {
	if err := v.check(a); err != nil {
		return nil, err
	}
	others, err := s.list(ctx, folderOf(&v, a.User))
	if err != nil {
		return nil, err
	}
	if len(others) >= maxOwn {
		return nil, collections.Errorf(collections.TooLarge, "name", "There are %d views already: take one away first.", len(others))
	}
	if v.ID, err = s.newID(); err != nil {
		return nil, err
	}
	v.Owner, v.By, v.Rev = a.User, a.Name, 0
	return s.put(ctx, folderOf(&v, v.Owner), &v)
}

// Change keeps a view in place of the one with its id, which change is given and may
// alter: name, look, shared. Who made it stays.
func (s *Store) Change(ctx context.Context, a collections.Actor, typ, id string, change func(*View)) (*View, error) {
	for {
		old, err := s.Find(ctx, a, typ, id)
		if err != nil {
			return nil, err
		}
		if !old.Changes(a) {
			return nil, mayNot()
		}
		v := *old
		change(&v)
		v.ID, v.Type, v.Owner, v.By = old.ID, old.Type, old.Owner, old.By
		if err := v.check(a); err != nil {
			return nil, err
		}
		from, to := folderOf(old, old.Owner), folderOf(&v, v.Owner)
		if from != to {
			v.Rev = 0
		}
		kept, err := s.put(ctx, to, &v)
		if errors.Is(err, collections.ErrStale) {
			continue
		}
		if err == nil && from != to {
			err = s.remove(ctx, from+id)
		}
		return kept, err
	}
}

// Remove takes a view away.
func (s *Store) Remove(ctx context.Context, a collections.Actor, typ, id string) error {
	v, err := s.Find(ctx, a, typ, id)
	if err != nil {
		return err
	}
	if !v.Changes(a) {
		return mayNot()
	}
	return s.remove(ctx, folderOf(v, v.Owner)+id)
}

func mayNot() error {
	return collections.Errorf(collections.Forbidden, "", "This view is shared: only an editor, or who made it, changes it. Save it under a name of your own.")
}

func (v *View) check(a collections.Actor) error {
	v.Name = strings.TrimSpace(v.Name)
	switch {
	case v.Name == "":
		return collections.Errorf(collections.Invalid, "name", "Give the view a name, such as Open near me.")
	case utf8.RuneCountInString(v.Name) > maxName || !utf8.ValidString(v.Name):
		return collections.Errorf(collections.Invalid, "name", "A view's name has at most %d characters.", maxName)
	case v.Shared && !MayShare(a):
		return collections.Errorf(collections.Forbidden, "shared", "Only an editor may share a view: keep it as your own.")
	}
	return nil
}

// Views are kept in folders, in the order of their keys: everybody's own by type, and
// the shared ones by type. Names of types and ids of accounts have no slash.
func ownFolder(account, typ string) string { return "own/" + account + "/" + typ + "/" }
func sharedFolder(typ string) string       { return "shared/" + typ + "/" }

func folderOf(v *View, account string) string {
	if v.Shared {
		return sharedFolder(v.Type)
	}
	return ownFolder(account, v.Type)
}

// list reads a folder.
func (s *Store) list(ctx context.Context, folder string) ([]*View, error) {
	items, err := s.items.Items(ctx, kindView, folder, maxOwn*2)
	if err != nil {
		return nil, fmt.Errorf("views: list: %w", err)
	}
	var list []*View
	for _, item := range items {
		if !strings.HasPrefix(item.Key, folder) {
			break
		}
		v, err := viewOf(item)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}
