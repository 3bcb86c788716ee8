package client

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/fieldstack/fieldstack/crdt"
)

// Refusal is a change that the server would not take. It is out of the view and kept
// here, with all that was typed, until the person dismisses it.
type Refusal struct {
	ID     int64 // for Dismiss
	Change *crdt.Change
	Error  Error
	At     time.Time // by the device's clock
}

// refuse writes a refusal.
func (t *tx) refuse(c *crdt.Change, e *Error, at int64) error {
	if e == nil {
		e = &Error{Code: CodeInvalid, Message: "the server would not take this change and gave no reason"}
	}
	return t.exec(`INSERT INTO refused (type, doc, change, code, message, field, at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		c.Type, c.Doc, string(crdt.AppendChange(nil, c)), e.Code, e.Message, e.Field, at)
}

// countRefused counts what could not be sent.
func (t *tx) countRefused() (n int, err error) {
	err = t.each(func(scan func(...any) error) error { return scan(&n) }, `SELECT count(*) FROM refused`)
	return n, err
}

// Refused lists what could not be sent, oldest first.
func (d *Device) Refused(ctx context.Context) ([]Refusal, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.open(); err != nil {
		return nil, err
	}
	var all []Refusal
	err := d.store.read(ctx).each(func(scan func(...any) error) error {
		var r Refusal
		var text []byte
		var at int64
		if err := scan(&r.ID, &text, &r.Error.Code, &r.Error.Message, &r.Error.Field, &at); err != nil {
			return err
		}
		r.At = time.UnixMilli(at)
		var err error
		r.Change, err = crdt.ParseChange(text, ownLimits)
		all = append(all, r)
		return err
	}, `SELECT id, change, code, message, field, at FROM refused ORDER BY id`)
	return all, err
}

// Dismiss forgets a refusal that the person has dealt with.
func (d *Device) Dismiss(ctx context.Context, id int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.open(); err != nil {
		return err
	}
	err := d.store.write(ctx, func(t *tx) error { return t.exec(`DELETE FROM refused WHERE id = ?`, id) })
	if err == nil {
		d.wake()
	}
	return err
}

// Pending lists the changes that the server has not acknowledged, in order.
func (d *Device) Pending(ctx context.Context) ([]*crdt.Change, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.open(); err != nil {
		return nil, err
	}
	return d.store.read(ctx).pendingOf("", "")
}

// ExportPending writes a rescue file: a JSON line for each pending and each refused
// change, for a person to keep when a device is about to be wiped.
func (d *Device) ExportPending(ctx context.Context, w io.Writer) error {
	pending, err := d.Pending(ctx)
	if err != nil {
		return err
	}
	refused, err := d.Refused(ctx)
	if err != nil {
		return err
	}
	out := json.NewEncoder(w)
	for _, c := range pending {
		if err := out.Encode(map[string]any{"pending": json.RawMessage(crdt.AppendChange(nil, c))}); err != nil {
			return err
		}
	}
	for _, r := range refused {
		line := map[string]any{"refused": json.RawMessage(crdt.AppendChange(nil, r.Change)), "error": r.Error}
		if err := out.Encode(line); err != nil {
			return err
		}
	}
	return nil
}
