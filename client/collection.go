package client

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// Collection is the documents of one type on the device. Get one from
// [Device.Collection]; it is safe for concurrent use.
type Collection struct {
	device *Device
	name   string
}

// Collection names the documents of a type. The type need not be on the device yet;
// calls that need it say so.
func (d *Device) Collection(name string) *Collection { return &Collection{device: d, name: name} }

// Document is a document as the person at the device sees it: confirmed and pending,
// merged. The caller owns it; changing it changes nothing else.
type Document struct {
	ID            string
	Value         map[string]any
	Deleted       bool                // in the trash
	Pending       bool                // has changes that the server has not acknowledged
	Problems      []schema.Problem    // what of it breaks the latest type on the device
	Disagreements []crdt.Disagreement // conflict fields that wait for a pick
	state         *crdt.Document
}

// Rows lists the rows of a list field with their identities, in order.
func (d *Document) Rows(path ...string) []crdt.Row { return d.state.Rows(path...) }

// Create makes a document and gives its id. A value that breaks the type is an
// invalid error that lists every problem, and nothing is made.
func (c *Collection) Create(ctx context.Context, value map[string]any) (id string, err error) {
	d := c.device
	d.mu.Lock()
	defer d.mu.Unlock()
	t, err := c.local()
	if err != nil {
		return "", err
	}
	if !t.create {
		return "", &Error{Code: CodeForbidden, Message: fmt.Sprintf("you may not create %s records; ask whoever runs the server for it", t.label())}
	}
	if problems := t.schema.Validate(value); len(problems) > 0 {
		return "", invalid(problems)
	}
	if id, err = newID(d.serverNow(), d.random); err != nil {
		return "", err
	}
	return id, c.change(ctx, t, id, crdt.NewDocument(), func(e *crdt.Editor) error { return e.PutAll(value) })
}

// Edit makes one change of all that f does to the document. What f does is checked
// with the rules the server uses; an error of f, or of a check, leaves the document as
// it was. A change that changes nothing is no change.
func (c *Collection) Edit(ctx context.Context, id string, f func(*crdt.Editor) error) error {
	d := c.device
	d.mu.Lock()
	defer d.mu.Unlock()
	t, err := c.local()
	if err != nil {
		return err
	}
	doc, _, err := d.view(ctx, key{c.name, id})
	if err != nil {
		return err
	}
	if !doc.Exists() {
		return c.notHere(id)
	}
	return c.change(ctx, t, id, doc, f)
}

// Update is Edit that makes the given top-level fields equal the given values; nil
// removes a field. Only what differs becomes operations.
func (c *Collection) Update(ctx context.Context, id string, fields map[string]any) error {
	return c.Edit(ctx, id, func(e *crdt.Editor) error {
		for _, field := range sortedKeys(fields) {
			var err error
			if value := fields[field]; value == nil {
				err = e.Remove([]string{field})
			} else {
				err = e.Put([]string{field}, value)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Delete puts the document in the trash, as far as this device has seen it; Restore
// takes it out.
func (c *Collection) Delete(ctx context.Context, id string) error {
	return c.Edit(ctx, id, func(e *crdt.Editor) error { e.Delete(); return nil })
}

// Restore takes a document out of the trash.
func (c *Collection) Restore(ctx context.Context, id string) error {
	return c.Edit(ctx, id, func(e *crdt.Editor) error { e.Restore(); return nil })
}

// change turns what f does to doc into one pending change, checks it, and writes it
// with the new view in one transaction. The caller holds mu.
func (c *Collection) change(ctx context.Context, t *localType, id string, doc *crdt.Document, f func(*crdt.Editor) error) error {
	d := c.device
	editor := doc.Edit(d.me.Replica, t.schema.Plan())
	if err := f(editor); err != nil {
		return err
	}
	ops := editor.Ops()
	if len(ops) == 0 {
		return nil
	}
	if err := t.check(ops); err != nil {
		return err
	}
	me := d.me
	clock := crdt.Clock{Last: me.Clock}
	change := &crdt.Change{Replica: me.Replica, N: me.N + 1, Prev: doc.Seen()[me.Replica], Stamp: clock.Next(d.serverNow()),
		Type: c.name, Version: t.version, Doc: id, Ops: ops}
	me.N, me.Clock = change.N, clock.Last
	k, next := key{c.name, id}, doc.Clone()
	applyPending(next, change)
	err := d.store.write(ctx, func(tx *tx) error {
		if err := tx.queue(change, d.since()); err != nil {
			return err
		}
		if err := tx.putView(k, next); err != nil {
			return err
		}
		return tx.setState("me", me)
	})
	if err != nil {
		return err
	}
	d.me, d.views[k] = me, next
	d.wake()
	return nil
}

// queue writes a pending change, and the cursor that it was made at.
func (t *tx) queue(c *crdt.Change, since string) error {
	return t.exec(`INSERT INTO pending (n, type, doc, change, since) VALUES (?, ?, ?, ?, ?)`,
		c.N, c.Type, c.Doc, string(crdt.AppendChange(nil, c)), since)
}

// check holds operations against the type and the grant, as the server will.
func (t *localType) check(ops []crdt.Op) error {
	for i := range ops {
		op := &ops[i]
		if len(op.Path) > 0 && slices.Contains(t.readOnly, op.Path[0]) {
			return &Error{Code: CodeForbidden, Field: "/" + op.Path[0], Message: fmt.Sprintf("you may not change %s", t.fieldLabel(op.Path))}
		}
		if problems := t.schema.CheckOp(op); len(problems) > 0 {
			return invalid(problems)
		}
	}
	return nil
}

func (t *localType) fieldLabel(path []string) string {
	if f, ok := t.schema.Field(path); ok {
		return f.Title
	}
	return strings.Join(path, "/")
}

func (t *localType) label() string {
	if title := t.schema.Title(); title != "" {
		return title
	}
	return t.name
}

// Validate says what of a whole value breaks the type, with no network. Nil: nothing.
func (c *Collection) Validate(value map[string]any) ([]schema.Problem, error) {
	c.device.mu.Lock()
	defer c.device.mu.Unlock()
	t, err := c.local()
	if err != nil {
		return nil, err
	}
	return t.schema.Validate(value), nil
}

// local is the type as the device has it. The caller holds mu.
func (c *Collection) local() (*localType, error) {
	if err := c.device.open(); err != nil {
		return nil, err
	}
	if t := c.device.types[c.name]; t != nil {
		return t, nil
	}
	return nil, &Error{Code: CodeNotFound, Field: "type", Message: fmt.Sprintf("this device does not have the type %q; sync once while there is a network", c.name)}
}

func (c *Collection) notHere(id string) error {
	return &Error{Code: CodeNotFound, Field: "id", Message: fmt.Sprintf("this device has no %s with the id %s", c.name, id)}
}
