package types

import (
	"errors"

	"github.com/fieldstack/fieldstack/admin/presence"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/studio"
)

// work is a draft as it is now, with the versions that it follows. Where there is no
// draft yet it is the version in use.
type work struct {
	name     string
	kept     *collections.Draft  // nil where there is none yet
	versions []*collections.Type // oldest first
	draft    *studio.Draft
}

// latest is the version in use, nil for a type that was never published.
func (w *work) latest() *collections.Type {
	if len(w.versions) == 0 {
		return nil
	}
	return w.versions[len(w.versions)-1]
}

// rev is what saving over it has to name.
func (w *work) rev() uint64 {
	if w.kept == nil {
		return 0
	}
	return w.kept.Rev
}

// open reads the draft of a type, or what one would begin from; NotFound where there is
// neither.
func (p *pages) open(v *ui.Visit, name string) (*work, error) {
	w := &work{name: name}
	var err error
	if w.versions, err = p.asks.Versions(v.UserContext(), v.Actor(), name); err != nil && !ui.IsNotFound(err) {
		return nil, err
	}
	var none error
	w.kept, none = p.asks.Draft(v.UserContext(), v.Actor(), name)
	switch {
	case ui.IsNotFound(none) && w.latest() != nil:
		w.kept = nil
	case none != nil:
		return nil, none
	}
	if w.kept == nil {
		w.draft = studio.FromVersion(w.latest().Schema)
	} else if w.draft, err = studio.Read(w.kept.Schema); err != nil {
		return nil, err // what is kept is JSON, always
	}
	var history []*schema.Schema
	for _, t := range w.versions {
		history = append(history, t.Schema)
	}
	w.draft = w.draft.WithVersions(history...)
	return w, nil
}

// attempts is how often a command is made anew because somebody else saved between.
const attempts = 8

// change makes a command on the newest draft and keeps what comes of it. page names the
// page that it came from, "" for none. The work that it gives is the one after it, or,
// with an error, the one that it could not be made on.
func (p *pages) change(v *ui.Visit, name, page string, command func(*studio.Draft) (studio.Command, error)) (*work, error) {
	var stale error
	for range attempts {
		w, err := p.open(v, name)
		if err != nil {
			return nil, err
		}
		c, err := command(w.draft)
		if err != nil {
			return w, err
		}
		next, err := w.draft.Do(c)
		if err != nil {
			return w, err
		}
		if _, changed := next.Undo(); !changed {
			w.draft = next
			return w, nil
		}
		if stale, err = p.keep(v, w, next, page); err != nil {
			return w, err
		}
		if stale == nil {
			return w, nil
		}
	}
	return nil, stale
}

// keep saves a draft in place of the one in w, and tells whoever looks at it. stale says
// that somebody else saved meanwhile.
func (p *pages) keep(v *ui.Visit, w *work, next *studio.Draft, page string) (stale, err error) {
	kept, err := p.asks.SaveDraft(v.UserContext(), v.Actor(), collections.Draft{Name: w.name, Rev: w.rev(), Schema: next.JSON()})
	var known *collections.Error
	if errors.As(err, &known) && known.Code == collections.Exists && known.Field == "rev" {
		return err, nil
	}
	if err != nil {
		return nil, err
	}
	w.kept, w.draft = kept, next
	p.hub.Moved("draft/"+w.name, presence.Move{What: "draft", Rev: kept.Rev, By: v.Actor().Name, Page: page})
	return nil, nil
}
