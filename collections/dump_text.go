package collections

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// A part is kept as JSON: what it is, and each thing in it as a text of its own. The same
// thing has the same text whichever store it came from, so texts are what is compared.

// partText is a part as JSON.
type partText struct {
	Kind   PartKind          `json:"kind"`
	First  bool              `json:"first,omitempty"`
	Seq    uint64            `json:"seq,omitempty"`
	Things []json.RawMessage `json:"things"`
}

type (
	itemText struct {
		Kind string `json:"kind"`
		Key  string `json:"key"`
		Rev  uint64 `json:"rev"`
		Data string `json:"data"`
	}
	recordText struct {
		Key
		Rev       uint64          `json:"rev"`
		Version   int             `json:"version"`
		Deleted   bool            `json:"deleted,omitempty"`
		Attention bool            `json:"attention,omitempty"`
		Problems  json.RawMessage `json:"problems,omitempty"`
		Created   int64           `json:"created"`
		CreatedBy string          `json:"createdBy"`
		Updated   int64           `json:"updated"`
		UpdatedBy string          `json:"updatedBy"`
		Last      Place           `json:"last"`
		Value     string          `json:"value"`
		Meta      []byte          `json:"meta,omitempty"`
	}
	replicaText struct {
		Replica uint64 `json:"replica"`
		Rev     uint64 `json:"rev"`
		User    string `json:"user"`
		N       uint64 `json:"n"`
		Stamp   uint64 `json:"stamp"`
		Seen    int64  `json:"seen"`
		Last    Place  `json:"last"`
	}
	receiptText struct {
		Replica uint64          `json:"replica"`
		N       uint64          `json:"n"`
		Digest  []byte          `json:"digest"`
		Stamp   uint64          `json:"stamp"`
		Refused json.RawMessage `json:"refused,omitempty"`
		Doc     string          `json:"doc"`
		FirstID uint64          `json:"firstId,omitempty"`
		LastID  uint64          `json:"lastId,omitempty"`
	}
	entryText struct {
		Place
		Kind    EntryKind       `json:"kind"`
		At      int64           `json:"at"`
		By      string          `json:"by"`
		Type    string          `json:"type"`
		Version int             `json:"version,omitempty"`
		Behind  uint64          `json:"behind,omitempty"`
		After   Position        `json:"after,omitempty"`
		Change  json.RawMessage `json:"change,omitempty"`
	}
)

// Texts gives each thing of a part as a text, in the part's order.
func (p *Part) Texts() ([]json.RawMessage, error) {
	var things []any
	switch p.Kind {
	case PartEpoch:
		things = append(things, p.Epoch)
	case PartMarks, PartItems:
		for _, i := range p.Items {
			things = append(things, itemText{i.Kind, i.Key, i.Rev, string(i.Data)})
		}
	case PartRecords:
		for i := range p.Records {
			things = append(things, textOfRecord(&p.Records[i]))
		}
	case PartReplicas:
		for _, r := range p.Replicas {
			things = append(things, replicaText{uint64(r.Replica), r.Rev, r.User, r.N, uint64(r.Stamp), r.Seen, r.Last})
		}
	case PartReceipts:
		for i := range p.Receipts {
			things = append(things, textOfReceipt(&p.Receipts[i]))
		}
	case PartStreams:
		for _, s := range p.Streams {
			things = append(things, s)
		}
	case PartEntries:
		for i := range p.Entries {
			things = append(things, textOfEntry(&p.Entries[i]))
		}
	default:
		return nil, fmt.Errorf("collections: a part of a dump is of no kind that is known: %q", p.Kind)
	}
	return textsOf(things)
}

func textsOf(things []any) ([]json.RawMessage, error) {
	texts := make([]json.RawMessage, len(things))
	for i, thing := range things {
		var text bytes.Buffer
		to := json.NewEncoder(&text)
		to.SetEscapeHTML(false)
		if err := to.Encode(thing); err != nil {
			return nil, fmt.Errorf("collections: dump: %w", err)
		}
		texts[i] = bytes.TrimSuffix(text.Bytes(), []byte("\n"))
	}
	return texts, nil
}

func textOfRecord(r *Record) recordText {
	t := recordText{
		Key: r.Key, Rev: r.Rev, Version: r.Version, Deleted: r.Deleted, Attention: r.Attention,
		Created: r.Created, CreatedBy: r.CreatedBy, Updated: r.Updated, UpdatedBy: r.UpdatedBy,
		Last: r.Last, Value: string(r.Value), Meta: r.Meta,
	}
	if len(r.Problems) > 0 {
		t.Problems = schema.KeepProblems(r.Problems)
	}
	return t
}

func textOfReceipt(r *Receipt) receiptText {
	t := receiptText{
		Replica: uint64(r.Replica), N: r.N, Digest: r.Digest[:], Stamp: uint64(r.Stamp),
		Doc: r.Doc, FirstID: r.FirstID, LastID: r.LastID,
	}
	if r.Refused != nil {
		t.Refused = r.Refused.Keep()
	}
	return t
}

func textOfEntry(e *Entry) entryText {
	t := entryText{
		Place: e.Place, Kind: e.Kind, At: e.At, By: e.By, Type: e.Type, Version: e.Version, Behind: e.Behind, After: e.After,
	}
	if e.Change != nil {
		t.Change = crdt.AppendChange(nil, e.Change)
	}
	return t
}

// AppendPart appends a part as JSON, without its mark. Texts that are not UTF-8 are an
// error: JSON would not keep them.
func AppendPart(dst []byte, p *Part) ([]byte, error) {
	for i := range p.Items {
		if !utf8.Valid(p.Items[i].Data) {
			return nil, fmt.Errorf("collections: dump: item %s %s is no text", p.Items[i].Kind, p.Items[i].Key)
		}
	}
	texts, err := p.Texts()
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	to := json.NewEncoder(&text)
	to.SetEscapeHTML(false)
	if err := to.Encode(partText{p.Kind, p.First, p.Seq, texts}); err != nil {
		return nil, fmt.Errorf("collections: dump: %w", err)
	}
	return append(dst, text.Bytes()...), nil
}

// partLimits bound the changes that are read back: the door has checked them once already.
var partLimits = crdt.Limits{Bytes: 1 << 30, Depth: 1000, Nodes: 1 << 30, String: 1 << 30, Ops: 1 << 30}

// ParsePart reads what AppendPart wrote.
func ParsePart(text []byte) (*Part, error) {
	var t partText
	if err := json.Unmarshal(text, &t); err != nil {
		return nil, fmt.Errorf("collections: a part of a dump cannot be read: %w", err)
	}
	p := &Part{Kind: t.Kind, First: t.First, Seq: t.Seq}
	for _, thing := range t.Things {
		if err := p.add(thing); err != nil {
			return nil, fmt.Errorf("collections: a part of a dump cannot be read: %w", err)
		}
	}
	return p, nil
}

// add adds a thing as Texts gave it.
func (p *Part) add(text json.RawMessage) error {
	switch p.Kind {
	case PartEpoch:
		return json.Unmarshal(text, &p.Epoch)
	case PartMarks, PartItems:
		var t itemText
		err := json.Unmarshal(text, &t)
		p.Items = append(p.Items, Item{t.Kind, t.Key, t.Rev, []byte(t.Data)})
		return err
	case PartRecords:
		return p.addRecord(text)
	case PartReplicas:
		var t replicaText
		err := json.Unmarshal(text, &t)
		p.Replicas = append(p.Replicas, ReplicaState{crdt.Replica(t.Replica), t.Rev, t.User, t.N, crdt.Time(t.Stamp), t.Seen, t.Last})
		return err
	case PartReceipts:
		return p.addReceipt(text)
	case PartStreams:
		var s StreamState
		err := json.Unmarshal(text, &s)
		p.Streams = append(p.Streams, s)
		return err
	case PartEntries:
		return p.addEntry(text)
	}
	return fmt.Errorf("it is of no kind that is known: %q", p.Kind)
}

func (p *Part) addRecord(text json.RawMessage) error {
	var t recordText
	if err := json.Unmarshal(text, &t); err != nil {
		return err
	}
	r := Record{
		Key: t.Key, Rev: t.Rev, Version: t.Version, Deleted: t.Deleted, Attention: t.Attention,
		Created: t.Created, CreatedBy: t.CreatedBy, Updated: t.Updated, UpdatedBy: t.UpdatedBy,
		Last: t.Last, Value: []byte(t.Value), Meta: t.Meta,
	}
	if t.Problems != nil {
		if err := json.Unmarshal(t.Problems, &r.Problems); err != nil {
			return err
		}
	}
	p.Records = append(p.Records, r)
	return nil
}

func (p *Part) addReceipt(text json.RawMessage) error {
	var t receiptText
	if err := json.Unmarshal(text, &t); err != nil {
		return err
	}
	r := Receipt{
		Replica: crdt.Replica(t.Replica), N: t.N, Stamp: crdt.Time(t.Stamp), Doc: t.Doc, FirstID: t.FirstID, LastID: t.LastID,
	}
	if copy(r.Digest[:], t.Digest) != len(r.Digest) {
		return fmt.Errorf("the digest of receipt %d of %s is too short", r.N, r.Replica)
	}
	if t.Refused != nil {
		r.Refused = new(Error)
		if err := json.Unmarshal(t.Refused, r.Refused); err != nil {
			return err
		}
	}
	p.Receipts = append(p.Receipts, r)
	return nil
}

func (p *Part) addEntry(text json.RawMessage) error {
	var t entryText
	if err := json.Unmarshal(text, &t); err != nil {
		return err
	}
	e := Entry{
		Place: t.Place, Kind: t.Kind, At: t.At, By: t.By, Type: t.Type, Version: t.Version, Behind: t.Behind, After: t.After,
	}
	if t.Change != nil {
		var err error
		if e.Change, err = crdt.ParseChange(t.Change, partLimits); err != nil {
			return err
		}
	}
	p.Entries = append(p.Entries, e)
	return nil
}

// Complete gives the records of a part the search words that follow from their values.
func (p *Part) Complete() error {
	for i := range p.Records {
		r := &p.Records[i]
		var value map[string]any
		if err := json.Unmarshal(r.Value, &value); err != nil {
			return fmt.Errorf("collections: record %s/%s: its value is no JSON object: %w", r.Type, r.ID, err)
		}
		r.Words = schema.RecordWords(value)
	}
	return nil
}
