package copying

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/fieldstack/fieldstack/collections"
)

// tally is how many things there are, and the sum of their digests, four numbers beside
// each other: the order in which they come plays no part, and one that came twice counts
// twice.
type tally struct {
	Count int64     `json:"count"`
	Sum   [4]uint64 `json:"sum"`
}

func (t *tally) add(digest [sha256.Size]byte) {
	t.Count++
	for i := range t.Sum {
		t.Sum[i] += binary.LittleEndian.Uint64(digest[8*i:])
	}
}

// tallies are by kind.
type tallies map[collections.PartKind]tally

// add counts a part, and begins its kind anew where the part does.
func (t tallies) add(p *collections.Part) error {
	texts, err := p.Texts()
	if err != nil {
		return err
	}
	var of tally
	if !p.First {
		of = t[p.Kind]
	}
	for _, text := range texts {
		of.add(sha256.Sum256(text))
	}
	t[p.Kind] = of
	return nil
}

// total counts those of all kinds.
func (t tallies) total() (n int64) {
	for _, of := range t {
		n += of.Count
	}
	return n
}

// report says how many there are of each.
func (t tallies) report() Report {
	return Report{
		Records: t[collections.PartRecords].Count, Entries: t[collections.PartEntries].Count, Receipts: t[collections.PartReceipts].Count,
		Replicas: t[collections.PartReplicas].Count, Items: t[collections.PartItems].Count + t[collections.PartMarks].Count,
	}
}

// kinds are compared in this order.
var kinds = []collections.PartKind{
	collections.PartEpoch, collections.PartStreams, collections.PartRecords, collections.PartReplicas,
	collections.PartReceipts, collections.PartEntries, collections.PartMarks, collections.PartItems,
}

// tallyOf reads all of a store.
func tallyOf(ctx context.Context, store collections.Dumper, read func(n int)) (tallies, error) {
	t := tallies{}
	err := collections.Dump(ctx, store, "", func(p *collections.Part) error {
		read(p.Len())
		return t.add(p)
	})
	if err != nil {
		return nil, fmt.Errorf("copying: verify: %w", err)
	}
	return t, nil
}
