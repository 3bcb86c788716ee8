package transfer

import (
	"context"
	"reflect"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/schema"
)

// made is a record that an import made.
type made struct {
	id      string
	updated int64 // ms since 1970 UTC, as it was left by the import
}

// moved is what an import changed of a record: the fields as they were, without those
// that were absent, and as it made them, nil for those that it emptied.
type moved struct {
	id            string
	before, after map[string]any
}

func movedBy(d *collections.Document, patch map[string]any) moved {
	m := moved{d.ID, map[string]any{}, patch}
	for key := range patch {
		if v, there := d.Value[key]; there {
			m.before[key] = v
		}
	}
	return m
}

// takeBack undoes an import.
type takeBack struct {
	engine   Engine
	accounts Accounts
	who      *auth.Identity
	job      *job
	to       *target
	left     []schema.Sentence
	more     int // left beyond those that are named
}

// leftNamed is how many records that were left as they are get a sentence of their own.
const leftNamed = 100

// run takes back in batches: first what was changed, then what was made.
func (t *takeBack) run(ctx context.Context, made []made, moved []moved) error {
	for len(moved) > 0 || len(made) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		var err error
		if t.who, err = t.accounts.Check(ctx, t.who); err != nil {
			return err
		}
		var writes []collections.Write
		n := min(batchRows, len(moved))
		for _, m := range moved[:n] {
			if writes, err = t.back(ctx, writes, m); err != nil {
				return err
			}
		}
		moved = moved[n:]
		if n == 0 {
			n = min(batchRows, len(made))
			for _, m := range made[:n] {
				if writes, err = t.away(ctx, writes, m); err != nil {
					return err
				}
			}
			made = made[n:]
		}
		if err := t.write(ctx, writes); err != nil {
			return err
		}
		t.job.took(n)
	}
	return nil
}

// find gives a record as it is now; nil where it is gone, or in the trash.
func (t *takeBack) find(ctx context.Context, id string) (*collections.Document, error) {
	d, err := t.engine.Get(ctx, t.who.Actor, t.to.Name, id)
	if ui.IsNotFound(err) || err == nil && d.Deleted {
		return nil, nil
	}
	return d, err
}

// back puts back the fields that are still as the import made them.
func (t *takeBack) back(ctx context.Context, writes []collections.Write, m moved) ([]collections.Write, error) {
	d, err := t.find(ctx, m.id)
	if err != nil {
		return writes, err
	}
	if d == nil {
		t.leave(schema.Says("%s: it is in the trash, or out of your sight.", m.id))
		return writes, nil
	}
	patch, from := map[string]any{}, map[string]any{}
	for key, after := range m.after {
		if !reflect.DeepEqual(d.Value[key], after) {
			t.leave(schema.Says("%s: %s was changed since.", m.id, t.label(key)))
			continue
		}
		if patch[key] = m.before[key]; after != nil {
			from[key] = after
		}
	}
	if len(patch) == 0 {
		return writes, nil
	}
	return append(writes, collections.Write{ID: m.id, Value: patch, From: from, Modify: true}), nil
}

// away puts a record into the trash that nobody has touched since it was made.
func (t *takeBack) away(ctx context.Context, writes []collections.Write, m made) ([]collections.Write, error) {
	d, err := t.find(ctx, m.id)
	switch {
	case err != nil:
		return writes, err
	case d == nil: // gone already
		return writes, nil
	case m.updated != 0 && d.Updated != m.updated:
		t.leave(schema.Says("%s: it was worked on since.", m.id))
		return writes, nil
	}
	return append(writes, collections.Write{ID: m.id, Remove: true}), nil
}

func (t *takeBack) label(key string) string {
	if f, ok := t.to.field(key); ok {
		return f.Title
	}
	return key
}

// leave remembers what stays as it is.
func (t *takeBack) leave(why schema.Sentence) {
	if len(t.left) == leftNamed {
		t.more++
		return
	}
	t.left = append(t.left, why)
}

func (t *takeBack) write(ctx context.Context, writes []collections.Write) error {
	if len(writes) == 0 {
		return nil
	}
	results, err := t.engine.WriteAll(context.WithoutCancel(ctx), t.who.Actor, t.to.Name, writes)
	if err != nil {
		return err
	}
	for _, result := range results {
		if result.Error != nil {
			t.leave(schema.Says("%s: %s", result.ID, result.Error.Message))
		}
	}
	return nil
}
