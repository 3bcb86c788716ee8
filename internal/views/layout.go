package views

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/fieldstack/fieldstack/collections"
)

// Layout is how somebody has arranged the list of a type, or one view of it, for
// themselves alone.
type Layout struct {
	Columns []Column `json:"columns,omitempty"` // none: those of the view, else the usual ones
	Compact bool     `json:"compact,omitempty"`
	Begin   string   `json:"begin,omitempty"` // the view that somebody begins with; of the list itself only
}

// Layout gives somebody's layout of a view, "" for the list itself. Who has arranged
// nothing has the zero layout.
func (s *Store) Layout(ctx context.Context, a collections.Actor, typ, view string) (Layout, error) {
	l, _, err := s.layout(ctx, a, typ, view)
	return l, err
}

func (s *Store) layout(ctx context.Context, a collections.Actor, typ, view string) (l Layout, rev uint64, err error) {
	item, err := s.items.Item(ctx, kindLayout, layoutKey(a, typ, view))
	if errors.Is(err, collections.ErrNotFound) {
		return Layout{}, 0, nil
	}
	if err == nil {
		err = json.Unmarshal(item.Data, &l)
	}
	if err != nil {
		return Layout{}, 0, fmt.Errorf("views: read a layout: %w", err)
	}
	return l, item.Rev, nil
}

// Arrange changes somebody's layout of a view, "" for the list itself. change may be
// called again, when the same person arranges it elsewhere meanwhile.
func (s *Store) Arrange(ctx context.Context, a collections.Actor, typ, view string, change func(*Layout)) error {
	for {
		l, rev, err := s.layout(ctx, a, typ, view)
		if err != nil {
			return err
		}
		change(&l)
		data, err := json.Marshal(l)
		if err != nil {
			return fmt.Errorf("views: write a layout: %w", err)
		}
		err = s.items.PutItem(ctx, collections.Item{Kind: kindLayout, Key: layoutKey(a, typ, view), Rev: rev, Data: data})
		if errors.Is(err, collections.ErrStale) {
			continue
		}
		if err != nil {
			return fmt.Errorf("views: write a layout: %w", err)
		}
		return nil
	}
}

func layoutKey(a collections.Actor, typ, view string) string { return a.User + "/" + typ + "/" + view }
