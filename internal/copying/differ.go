package copying

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/fieldstack/fieldstack/collections"
)

// mostNamed is how many things that differ are named.
const mostNamed = 5

// differing names things of a kind that are in only one of two stores, or not the same in
// both. It is only asked where tallies differ: it keeps a line for each thing in memory.
func differing(ctx context.Context, a, b collections.Dumper, kind collections.PartKind) ([]string, error) {
	digests := map[string][sha256.Size]byte{}
	err := eachThing(ctx, a, kind, func(name string, digest [sha256.Size]byte) { digests[name] = digest })
	if err != nil {
		return nil, err
	}
	var named []string
	err = eachThing(ctx, b, kind, func(name string, digest [sha256.Size]byte) {
		if had, there := digests[name]; !there {
			named = append(named, name+" is only in the copy")
		} else if had != digest {
			named = append(named, name+" is another")
		}
		delete(digests, name)
	})
	for _, name := range slices.Sorted(maps.Keys(digests)) {
		named = append(named, name+" is missing")
	}
	return named, err
}

// eachThing calls f for each thing of a kind.
func eachThing(ctx context.Context, store collections.Dumper, kind collections.PartKind, f func(name string, digest [sha256.Size]byte)) error {
	return collections.Dump(ctx, store, "", func(p *collections.Part) error {
		if p.Kind != kind {
			return nil
		}
		texts, err := p.Texts()
		if err != nil {
			return err
		}
		for _, text := range texts {
			f(nameOf(kind, text), sha256.Sum256(text))
		}
		return nil
	})
}

// nameOf names a thing for a person.
func nameOf(kind collections.PartKind, text json.RawMessage) string {
	var is struct {
		Type, ID, Kind, Key, Stream string
		Replica, N                  uint64
	}
	if kind == collections.PartEpoch || json.Unmarshal(text, &is) != nil {
		return string(kind)
	}
	switch kind {
	case collections.PartRecords:
		return fmt.Sprintf("record %s/%s", is.Type, is.ID)
	case collections.PartReplicas:
		return fmt.Sprintf("replica %016x", is.Replica)
	case collections.PartReceipts:
		return fmt.Sprintf("receipt %d of replica %016x", is.N, is.Replica)
	case collections.PartStreams:
		return "stream " + is.Stream
	case collections.PartEntries:
		return fmt.Sprintf("entry %d of stream %s", is.N, is.Stream)
	}
	return fmt.Sprintf("item %s %s", is.Kind, is.Key)
}
