package collections

import (
	"errors"
	"fmt"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// admitted is a change that may come in: nothing has moved yet.
type admitted struct {
	change *crdt.Change // as it will be in the log
	to     *working
	doc    *crdt.Document // as it will be
	valid  *Type          // the version that found doc as a whole valid, nil: none was asked
	knows  Position       // in the log, up to which its author had surely seen all; nil: all there is
}

// admit judges a change, in the order that the design fixes: its shape, what its
// author may do, the values, what it leans on, and, for a creation, the whole. An
// *Error is a refusal. Nothing moves.
func (r *round) admit(a Actor, in *incoming, stamp crdt.Time) (*admitted, error) {
	c := in.change
	if in.shape != nil {
		return nil, in.shape
	}
	grant, err := r.com.e.grant(a, c.Type)
	if err != nil {
		return nil, err
	}
	w, err := r.document(Key{c.Type, c.Doc})
	if err != nil {
		return nil, err
	}
	if err := r.mayTouch(grant, w, c); err != nil {
		return nil, err
	}
	if in.value != nil {
		return nil, in.value
	}
	entered := *c
	entered.Stamp = stamp
	// The change it names as the one before may have been refused.
	entered.Prev = w.doc.Seen()[c.Replica]
	return r.merge(grant, w, in, &entered)
}

// mayTouch asks whether the author may do each operation to this document as it is.
func (r *round) mayTouch(g *Grant, w *working, c *crdt.Change) error {
	creates := c.Ops[0].Kind == crdt.OpCreate
	if !w.doc.Exists() {
		if !creates {
			return r.leansOnCreation(c)
		}
		return mayWrite(g, c.Ops)
	}
	value := w.doc.Value()
	if !g.sees(value) {
		return r.notHere(c.Doc)
	}
	if err := mayWrite(g, c.Ops); err != nil {
		return err
	}
	if edits(c.Ops) && !g.Edit.Match(value) {
		return Errorf(Forbidden, "", "You may not edit this record: ask a designer, who sets the rules of its type.")
	}
	if has(c.Ops, crdt.OpDelete) && !g.Delete.Match(value) {
		return Errorf(Forbidden, "", "You may not delete this record: ask a designer, who sets the rules of its type.")
	}
	if has(c.Ops, crdt.OpRestore) && !g.mayRestore(value) {
		return Errorf(Forbidden, "", "You may not take records out of the trash: ask an editor.")
	}
	return nil
}

// mayWrite asks whether the author may write each field.
func mayWrite(g *Grant, ops []crdt.Op) error {
	for i := range ops {
		if path := ops[i].Path; len(path) > 0 && !g.mayWriteField(path[0]) {
			return mayNotWrite(path[0])
		}
	}
	return nil
}

// edits reports whether any operation is more than a deletion.
func edits(ops []crdt.Op) bool {
	for i := range ops {
		if ops[i].Kind != crdt.OpDelete {
			return true
		}
	}
	return false
}

// has reports whether there is an operation of the kind.
func has(ops []crdt.Op, kind crdt.Kind) bool {
	for i := range ops {
		if ops[i].Kind == kind {
			return true
		}
	}
	return false
}

// merge applies a change to a copy of the document and judges what comes of it.
func (r *round) merge(g *Grant, w *working, in *incoming, c *crdt.Change) (*admitted, error) {
	if _, missing := w.doc.Missing(c); missing || sawTooMuch(c, w.doc.Seen()) {
		return nil, leansOnMissing()
	}
	doc := w.doc.Clone()
	if effect, err := doc.Apply(c); err != nil {
		return nil, r.leansOnOwn(c, err)
	} else if effect != crdt.Applied {
		return nil, fmt.Errorf("collections: change %s/%d passed every check and was not applied", c.Replica, c.N)
	}
	if err := tooLarge(w, doc, in.size); err != nil {
		return nil, err
	}
	out := &admitted{change: c, to: w, doc: doc, knows: in.knows}
	if w.doc.Exists() {
		if edits(c.Ops) && !g.Edit.Match(doc.Value()) {
			return nil, Errorf(Forbidden, "", "You may not change this record to that: ask a designer, who sets the rules of its type.")
		}
		return out, nil
	}
	if err := r.mayCreate(g, in.typ, doc.Value()); err != nil {
		return nil, err
	}
	if len(g.Hidden) == 0 {
		out.valid = in.typ
	}
	return out, nil
}

// mayCreate judges a new document as a whole, as its author sees the type: who cannot
// see a required field cannot fill it in either.
func (r *round) mayCreate(g *Grant, t *Type, value map[string]any) error {
	if !g.Create.Match(value) {
		return Errorf(Forbidden, "", "You may not create this record as it is: ask a designer, who sets the rules of its type.")
	}
	seen, err := r.com.e.reg.view(t, g.Hidden)
	if err != nil {
		return err
	}
	if problems := seen.Schema.Validate(value); len(problems) > 0 {
		return invalid(problems[0])
	}
	return nil
}

// tooLarge refuses what makes a document too large. A document that is so already may
// shrink. Encoding costs as much as the document is large, so it is left out where
// the change could not have mattered.
func tooLarge(w *working, doc *crdt.Document, change int) error {
	stored := 0
	if w.record != nil {
		stored = len(w.record.Value)
	}
	if w.grown += change; stored+w.grown <= MaxDocumentBytes {
		return nil
	}
	value, _ := doc.Encode()
	if len(value) <= MaxDocumentBytes || len(value) <= stored {
		return nil
	}
	return Errorf(TooLarge, "", "A record holds at most %d bytes, and this would make it %d: start a new one.", MaxDocumentBytes, len(value))
}

// accept takes an admitted change in, and gives the document its numbers.
func (r *round) accept(a Actor, in *admitted) error {
	r.meet(a, in)
	r.enter(in, a.Name)
	return r.number(a, in.to)
}

// notFound is the answer for a document that is not there, and for one that is not to
// be seen.
func notFound(id string) *Error {
	return Errorf(NotFound, "", "There is no record %q here.", shorten(id))
}

// notHere is notFound for whoever has the document: by now it may be gone for good.
func (r *round) notHere(id string) *Error {
	if r.state.floor.N == 0 {
		return notFound(id)
	}
	return Errorf(NotFound, "", "There is no record %q here any more: it was deleted and is gone for good, or it is not for you to see. What you did to it is kept, so that you can make a new one.", shorten(id))
}

// invalid answers with what the schema finds wrong.
func invalid(p schema.Problem) *Error {
	return Refuse(Invalid, p.Path, p.Message)
}

// invalidOp answers with what the merge finds wrong; other errors stay what they are.
func invalidOp(err error) error {
	var op *crdt.OpError
	if errors.As(err, &op) {
		return Refuse(Invalid, pointer(op.Path), schema.Verbatim(op.Message))
	}
	return err
}
