package client

import (
	"fmt"
	"time"

	"github.com/fieldstack/fieldstack/crdt"
)

// intake is one answer on its way into the store.
type intake struct {
	*Device
	tx                    *tx
	me                    identity
	round                 roundState
	touched               map[key]*crdt.Document // confirmed documents that moved
	refresh               map[key]bool           // documents of which only the view moves
	gone                  map[key]bool           // documents that left
	acknowledged, refused int
	copied                bool // somebody else goes on under this replica id
	remade                bool // unsent changes were made anew, or refused, as they were outdated
	sendAgain             bool // all of them are ready to be sent
}

// answers moves each answered change out of the queue: acknowledged ones to the
// confirmed document, with the stamp that the log holds; refused ones to their list.
func (in *intake) answers(results []result, sent []*crdt.Change) error {
	byN := map[uint64]*crdt.Change{}
	for _, c := range sent {
		byN[c.N] = c
	}
	for _, r := range results {
		c := byN[r.N]
		if c == nil {
			continue
		}
		k := key{c.Type, c.Doc}
		in.refresh[k] = true
		if err := in.tx.exec(`DELETE FROM pending WHERE n = ?`, c.N); err != nil {
			return err
		}
		if !r.OK {
			in.refused++
			if err := in.tx.refuse(c, r.Error, in.now().UnixMilli()); err != nil {
				return err
			}
			continue
		}
		in.acknowledged++
		accepted := *c
		accepted.Stamp = r.Stamp
		if err := in.apply(&accepted, true); err != nil {
			return err
		}
	}
	return nil
}

// pulled takes in what the log and the snapshot brought.
func (in *intake) pulled(resp *response) error {
	for _, w := range resp.Types {
		if err := in.learnType(in.tx, w); err != nil {
			return err
		}
	}
	if resp.Reset {
		in.round.Current++
		in.round.Partial = true
		if in.round.Base == "" {
			in.round.Base = in.cursor
		}
	}
	if resp.Outdated != nil {
		in.round.Outdated, in.round.Note = true, resp.Outdated.Message
	}
	for _, w := range resp.Documents {
		doc, err := crdt.Decode(w.Value, w.Meta)
		if err != nil {
			return offline(fmt.Errorf("document %s/%s: %w", w.Type, w.ID, err))
		}
		in.copied = in.copied || doc.Seen()[in.me.Replica] > in.me.N
		if err := in.replace(key{w.Type, w.ID}, doc); err != nil {
			return err
		}
		delete(in.gone, key{w.Type, w.ID})
	}
	for _, text := range resp.Changes {
		c, err := crdt.ParseChange(text, ownLimits)
		if err != nil {
			return offline(fmt.Errorf("a change of the log: %w", err))
		}
		in.copied = in.copied || c.Replica == in.me.Replica && c.N > in.me.N
		if err := in.apply(c, false); err != nil {
			return err
		}
	}
	for _, k := range resp.Forget {
		in.gone[k] = true
		delete(in.touched, k)
	}
	return nil
}

// replace takes a whole document in, in the place of what is confirmed of it.
func (in *intake) replace(k key, doc *crdt.Document) error {
	if in.round.Outdated {
		old, err := in.confirmed(k)
		if err != nil {
			return err
		}
		if err := in.remake(k, old, doc); err != nil {
			return err
		}
	}
	in.touched[k] = doc
	return nil
}

// confirmed is a confirmed document as this answer has made it so far.
func (in *intake) confirmed(k key) (*crdt.Document, error) {
	if doc := in.touched[k]; doc != nil {
		return doc, nil
	}
	return in.tx.confirmed(k.Type, k.ID)
}

// apply takes one accepted change into its confirmed document. An acknowledged change
// of our own follows the last of ours that the document holds: the server says the
// same of it, and one in between may have been refused.
func (in *intake) apply(c *crdt.Change, own bool) error {
	k := key{c.Type, c.Doc}
	doc, err := in.confirmed(k)
	if err != nil {
		return err
	}
	in.touched[k] = doc
	if own {
		c = follow(doc, c)
	}
	if _, err := doc.Apply(c); err != nil {
		return fmt.Errorf("client: change %s/%d to %s/%s: %w", c.Replica, c.N, c.Type, c.Doc, err)
	}
	// The server has bounded the stamp; a device ahead of it must still come after.
	in.me.Clock = max(in.me.Clock, c.Stamp)
	return nil
}

// finish writes the documents, ends a whole sync if this was its last page, and
// writes the cursor.
func (in *intake) finish(resp *response) error {
	for k, doc := range in.touched {
		delete(in.refresh, k)
		if err := in.tx.putConfirmed(k, doc, in.round.Current, resp.Now); err != nil {
			return err
		}
	}
	for k := range in.gone {
		if err := in.forget(k); err != nil {
			return err
		}
	}
	if in.round.Partial && !resp.More {
		if err := in.sweep(); err != nil {
			return err
		}
		in.round.Partial, in.round.Base = false, ""
	}
	if in.round.Outdated && !in.round.Partial {
		if err := in.remakeAll(resp.Cursor); err != nil {
			return err
		}
	}
	for k := range in.refresh {
		if err := in.tx.refresh(k); err != nil {
			return err
		}
	}
	if err := in.emptyTrash(resp); err != nil {
		return err
	}
	if err := in.tx.setState("round", in.round); err != nil {
		return err
	}
	if err := in.tx.setState("me", in.me); err != nil {
		return err
	}
	return in.tx.setState("cursor", resp.Cursor)
}

// forget drops the confirmed part of a document that has left what this person may
// see. Pending changes to it stay, to be answered by the server.
func (in *intake) forget(k key) error {
	if err := in.tx.exec(`UPDATE documents SET value = NULL, meta = NULL WHERE type = ? AND id = ?`, k.Type, k.ID); err != nil {
		return err
	}
	return in.tx.refresh(k)
}

// trashMargin is how much longer than the server a device keeps what is in the trash, so
// that a server's clock that stepped back does no harm.
const trashMargin = 24 * time.Hour

// emptyTrash drops the documents that were in the trash for so long that the server has
// dropped them. Only who has heard all there is knows that nobody took them out.
func (in *intake) emptyTrash(resp *response) error {
	if resp.More || in.round.Emptied >= resp.Emptied {
		return nil
	}
	in.round.Emptied = resp.Emptied
	return in.tx.exec(`DELETE FROM documents WHERE deleted AND view IS NULL AND touched <= ?`,
		resp.Emptied-trashMargin.Milliseconds())
}

// sweep forgets what a whole sync did not bring again.
func (in *intake) sweep() error {
	var left []key
	err := in.tx.each(func(scan func(...any) error) error {
		var k key
		err := scan(&k.Type, &k.ID)
		left = append(left, k)
		return err
	}, `SELECT type, id FROM documents WHERE meta IS NOT NULL AND round < ?`, in.round.Current)
	if err != nil {
		return err
	}
	for _, k := range left {
		if err := in.forget(k); err != nil {
			return err
		}
	}
	return nil
}
