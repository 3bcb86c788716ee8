package copying

import (
	"context"
	"io"

	"github.com/fieldstack/fieldstack/collections"
)

// Restore makes an empty target of a file that [collections.WriteDump] wrote, and verifies
// it. epoch names the history that begins with it, and must be new: devices notice, and
// fetch everything anew. Where it fails, what is in the target is of no use, and no server
// starts on it.
func Restore(ctx context.Context, r io.Reader, to Target, epoch string) (Report, error) {
	w := &copier{Config: Config{To: to, Live: true, Progress: func(Doing, int64, int64) {}}, ctx: ctx}
	w.is = progress{Epoch: epoch, Tallies: tallies{}}
	if err := w.empty(); err != nil {
		return Report{}, err
	}
	mark := collections.Item{Kind: collections.KindCopy, Key: "restore", Data: []byte(`{}`)}
	if err := to.PutItem(ctx, mark); err != nil {
		return Report{}, err
	}
	err := collections.ReadDump(r, func(p *collections.Part) error {
		if p.Kind == collections.PartEpoch {
			p.Epoch = epoch
		}
		if err := p.Complete(); err != nil {
			return err
		}
		if err := to.LoadPart(ctx, p); err != nil {
			return err
		}
		return w.is.Tallies.add(p)
	})
	if err != nil {
		return Report{}, err
	}
	if err := w.settle(); err != nil {
		return Report{}, err
	}
	return w.is.Tallies.report(), to.DeleteItem(ctx, collections.KindCopy, mark.Key)
}
