package client

import (
	"context"

	"github.com/fieldstack/fieldstack/crdt"
)

// view is what the person sees of a document: confirmed, with the pending changes of
// this device applied, and whether there are any. The document may be kept for the
// next who asks and must not be changed. The caller holds mu.
func (d *Device) view(ctx context.Context, k key) (doc *crdt.Document, pending bool, err error) {
	if doc := d.views[k]; doc != nil {
		return doc, true, nil
	}
	doc, pending, err = d.store.read(ctx).view(k)
	if err == nil && pending {
		d.views[k] = doc
	}
	return doc, pending, err
}

// view reads the view of a document. A pending change that cannot apply (it leans on a
// refused one) does not show; the server will say so of it.
func (t *tx) view(k key) (doc *crdt.Document, pending bool, err error) {
	if doc, err = t.confirmed(k.Type, k.ID); err != nil {
		return nil, false, err
	}
	changes, err := t.pendingOf(k.Type, k.ID)
	for _, c := range changes {
		applyPending(doc, c)
	}
	return doc, len(changes) > 0, err
}

// applyPending shows a pending change on a document. Its place in the row of this
// replica's changes is taken to be next, as the server will take it: the one before
// it may have been refused.
func applyPending(doc *crdt.Document, c *crdt.Change) {
	if _, missing := doc.Missing(follow(doc, c)); missing {
		return
	}
	_, _ = doc.Apply(follow(doc, c)) // an error leaves the document as it was
}

// follow gives c with Prev set to the last change of its replica that doc holds.
func follow(doc *crdt.Document, c *crdt.Change) *crdt.Change {
	next := *c
	if seen := doc.Seen()[c.Replica]; seen < c.N {
		next.Prev = seen
	}
	return &next
}

// putConfirmed writes the confirmed document and then its view.
func (t *tx) putConfirmed(k key, doc *crdt.Document, round int, now int64) error {
	value, meta := doc.Encode()
	err := t.exec(`INSERT INTO documents (type, id, value, meta, deleted, round, touched) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
		ON CONFLICT (type, id) DO UPDATE SET value = ?3, meta = ?4, deleted = ?5, round = ?6, touched = ?7`,
		k.Type, k.ID, string(value), meta, doc.Deleted(), round, now)
	if err != nil {
		return err
	}
	return t.refresh(k)
}

// refresh writes the view of a document anew from what is confirmed and pending, and
// removes a row that neither has.
func (t *tx) refresh(k key) error {
	doc, pending, err := t.view(k)
	if err != nil {
		return err
	}
	if pending {
		return t.putView(k, doc)
	}
	if err := t.exec(`DELETE FROM documents WHERE type = ? AND id = ? AND meta IS NULL`, k.Type, k.ID); err != nil {
		return err
	}
	return t.exec(`UPDATE documents SET view = NULL, view_deleted = NULL WHERE type = ? AND id = ?`, k.Type, k.ID)
}

// putView writes the view of a document that has pending changes.
func (t *tx) putView(k key, doc *crdt.Document) error {
	value, _ := doc.Encode()
	return t.exec(`INSERT INTO documents (type, id, view, view_deleted) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT (type, id) DO UPDATE SET view = ?3, view_deleted = ?4`,
		k.Type, k.ID, string(value), !doc.Exists() || doc.Deleted())
}
