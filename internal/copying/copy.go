package copying

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/fieldstack/fieldstack/collections"
)

// Errors of Copy, besides those of the stores.
var (
	// ErrHolds: the target holds something that is not the beginning of this copy.
	ErrHolds = errors.New("it holds something already")
	// ErrHalf: the source is itself a copy that was not finished.
	ErrHalf = errors.New("it is itself a copy that was not finished")
	// ErrMovedOn: the source was written to since the copy began.
	ErrMovedOn = errors.New("it was written to since this copy began")
	// ErrDiffers: what is in the target is not what is in the source.
	ErrDiffers = errors.New("the copy is not the same as its source")
)

// Target is a store that can be made of parts, and read again.
type Target interface {
	collections.Dumper
	collections.Loader
}

// Config says what is copied.
type Config struct {
	From collections.Dumper
	To   Target

	// Live says that others may write to the source meanwhile. The copy is then what a
	// server that was killed could have left behind, and the source is not read once more
	// to verify it.
	Live bool

	// Progress is told what is being done, and how far it is; may be nil.
	Progress func(doing Doing, done, total int64)
}

// Doing says what a copy is at.
type Doing string

// The stages of a copy.
const (
	Copying   Doing = "copying"
	Verifying Doing = "verifying"
)

// Report says what was copied.
type Report struct {
	Records, Entries, Receipts, Replicas, Items int64
	Resumed                                     bool // it went on where another was cut off
}

// progressKey is the key of the item that says how far a copy has come.
const progressKey = "progress"

// progress is how far a copy has come, as it is kept in the target.
type progress struct {
	Epoch   string               `json:"epoch"` // of the source
	Head    collections.Position `json:"head"`  // of the source, when the copy began
	Mark    string               `json:"mark"`  // of the last part that was loaded
	Tallies tallies              `json:"tallies"`
	All     bool                 `json:"all,omitempty"` // every part was loaded
}

// copier copies.
type copier struct {
	Config
	ctx   context.Context
	is    progress
	rev   uint64 // of its item
	total int64
}

// Copy makes the target what the source is, or goes on with that, and verifies it. Both
// stay open. Where it fails it can be called again.
func Copy(ctx context.Context, c Config) (Report, error) {
	if c.Progress == nil {
		c.Progress = func(Doing, int64, int64) {}
	}
	w := &copier{Config: c, ctx: ctx}
	resumed, err := w.begin()
	if err != nil {
		return Report{}, err
	}
	if !w.is.All {
		if err := w.load(); err != nil {
			return Report{}, err
		}
	}
	if err := w.settle(); err != nil {
		return Report{}, err
	}
	report := w.is.Tallies.report()
	report.Resumed = resumed
	return report, w.To.DeleteItem(ctx, collections.KindCopy, progressKey)
}

// settle puts a target in order that has all parts, and verifies it.
func (w *copier) settle() error {
	if err := w.To.Loaded(w.ctx); err != nil {
		return err
	}
	if err := collections.EnsureIndexes(w.ctx, w.To); err != nil {
		return err
	}
	return w.verify()
}

// begin finds out whether there is a copy to go on with, and notes one that begins.
func (w *copier) begin() (resumed bool, err error) {
	if half, err := w.From.Items(w.ctx, collections.KindCopy, "", 1); err != nil || len(half) > 0 {
		return false, errors.Join(err, sourceError(len(half) > 0, ErrHalf))
	}
	epoch, err := w.From.Epoch(w.ctx)
	if err != nil {
		return false, err
	}
	head, err := w.From.Head(w.ctx)
	if err != nil {
		return false, err
	}
	if w.total, err = w.From.DumpSize(w.ctx); err != nil {
		return false, err
	}
	item, err := w.To.Item(w.ctx, collections.KindCopy, progressKey)
	if errors.Is(err, collections.ErrNotFound) {
		if err := w.empty(); err != nil {
			return false, err
		}
		w.is = progress{Epoch: epoch, Head: head, Tallies: tallies{}}
		return false, w.keep()
	}
	if err != nil {
		return false, err
	}
	w.rev = item.Rev
	if err := json.Unmarshal(item.Data, &w.is); err != nil {
		return false, fmt.Errorf("copying: how far the copy has come cannot be read: %w", err)
	}
	if w.is.Epoch != epoch {
		return false, fmt.Errorf("copying: the target: %w: the beginning of a copy of another store", ErrHolds)
	}
	return true, sourceError(!w.Live && !maps.Equal(w.is.Head, head), ErrMovedOn)
}

// sourceError is an error about the source, where there is one.
func sourceError(is bool, err error) error {
	if !is {
		return nil
	}
	return fmt.Errorf("copying: the source: %w", err)
}

// empty refuses a target that holds anything.
func (w *copier) empty() error {
	head, err := w.To.Head(w.ctx)
	if err != nil {
		return err
	}
	n := len(head)
	for _, kind := range []collections.PartKind{collections.PartItems, collections.PartRecords, collections.PartReplicas, collections.PartReceipts, collections.PartStreams} {
		part, _, err := w.To.DumpPart(w.ctx, kind, "", 1)
		if err != nil {
			return err
		}
		n += part.Len()
	}
	if n > 0 {
		return fmt.Errorf("copying: the target: %w", ErrHolds)
	}
	return nil
}

// keep writes how far the copy is.
func (w *copier) keep() error {
	data, err := json.Marshal(&w.is)
	if err != nil {
		return fmt.Errorf("copying: %w", err)
	}
	err = w.To.PutItem(w.ctx, collections.Item{Kind: collections.KindCopy, Key: progressKey, Rev: w.rev, Data: data})
	if errors.Is(err, collections.ErrStale) {
		return fmt.Errorf("copying: somebody else copies into the same target: %w", err)
	}
	if err == nil {
		w.rev++
	}
	return err
}

// movingRetries is how often a live source is asked again for what moved while it was read.
const movingRetries = 3

// load loads all parts that are left.
func (w *copier) load() error {
	for try := 0; ; try++ {
		err := collections.Dump(w.ctx, w.From, w.is.Mark, w.part)
		if err == nil {
			break
		}
		if !w.Live || try == movingRetries || !errors.Is(err, collections.ErrMoving) {
			return err
		}
	}
	if err := w.whole(); err != nil {
		return err
	}
	w.is.All = true
	return w.keep()
}

// part loads a part and notes it.
func (w *copier) part(p *collections.Part) error {
	if err := p.Complete(); err != nil {
		return err
	}
	if err := w.To.LoadPart(w.ctx, p); err != nil {
		return err
	}
	if err := w.is.Tallies.add(p); err != nil {
		return err
	}
	w.is.Mark = p.Mark
	done := w.is.Tallies.total()
	w.Progress(Copying, min(done, w.total), w.total)
	return w.keep()
}

// whole verifies that the whole log came, where nobody wrote to it.
func (w *copier) whole() error {
	if w.Live {
		return nil
	}
	head, err := w.From.Head(w.ctx)
	if err != nil {
		return err
	}
	copied, err := w.To.Head(w.ctx)
	if err != nil {
		return err
	}
	if !maps.Equal(head, w.is.Head) {
		return sourceError(true, ErrMovedOn)
	}
	if !maps.Equal(head, copied) {
		return fmt.Errorf("copying: %w: the log goes to %v, and in the source to %v", ErrDiffers, copied, head)
	}
	return nil
}

// verify compares what is in the target with what was copied, and with the source.
func (w *copier) verify() error {
	total, done := w.is.Tallies.total(), int64(0)
	if !w.Live {
		total *= 2
	}
	read := func(n int) {
		done += int64(n)
		w.Progress(Verifying, min(done, total), total)
	}
	got, err := tallyOf(w.ctx, w.To, read)
	if err != nil {
		return err
	}
	if err := w.compare(w.is.Tallies, got); err != nil || w.Live {
		return err
	}
	source, err := tallyOf(w.ctx, w.From, read)
	if err != nil {
		return err
	}
	return w.compare(source, got)
}

// compare says which kinds differ, and what of them where the source stands still.
func (w *copier) compare(want, got tallies) error {
	var found []string
	for _, kind := range kinds {
		if got[kind] == want[kind] {
			continue
		}
		found = append(found, fmt.Sprintf("%s: %d, not the same %d", kind, got[kind].Count, want[kind].Count))
		if w.Live {
			continue
		}
		named, err := differing(w.ctx, w.From, w.To, kind)
		if err != nil {
			return err
		}
		found = append(found, named[:min(len(named), mostNamed)]...)
	}
	if len(found) == 0 {
		return nil
	}
	return fmt.Errorf("copying: %w: %s", ErrDiffers, strings.Join(found, "; "))
}
