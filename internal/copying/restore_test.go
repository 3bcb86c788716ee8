package copying

import (
	"bytes"
	"errors"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

// A store that was written to a file and restored is the same, but for its epoch.
func TestRestore(t *testing.T) {
	from := filled(t, 700)
	var file bytes.Buffer
	last := int64(-1)
	err := collections.WriteDump(t.Context(), from, &file, func(done, total int64) {
		if done < last || done > total {
			t.Errorf("progress went from %d to %d of %d", last, done, total)
		}
		last = done
	})
	if err != nil {
		t.Fatal(err)
	}
	to := storetest.Memory()
	report, err := Restore(t.Context(), bytes.NewReader(file.Bytes()), to, "new")
	if err != nil || report.Records != 700 || report.Entries != 700 || report.Receipts != 700 {
		t.Fatalf("%+v, %v", report, err)
	}
	if epoch, err := to.Epoch(t.Context()); epoch != "new" || err != nil {
		t.Errorf("epoch %q, %v", epoch, err)
	}
	for _, kind := range kinds[1:] {
		if named, err := differing(t.Context(), from, to, kind); len(named) > 0 || err != nil {
			t.Errorf("%s: %v, %v", kind, named, err)
		}
	}
	if _, err := Restore(t.Context(), bytes.NewReader(file.Bytes()), to, "newer"); !errors.Is(err, ErrHolds) {
		t.Errorf("a store was restored onto another: %v", err)
	}
}

// A file that is not whole is refused, and what came of it is not opened.
func TestRestore_Refuses(t *testing.T) {
	var file bytes.Buffer
	if err := collections.WriteDump(t.Context(), filled(t, 700), &file, nil); err != nil {
		t.Fatal(err)
	}
	flipped := func(at int) []byte {
		text := bytes.Clone(file.Bytes())
		text[at] ^= 4
		return text
	}
	for name, text := range map[string][]byte{
		"empty": nil, "another file": []byte("SQLite format 3\x00 and more"), "header": flipped(3), "middle": flipped(file.Len() / 2),
		"end": flipped(file.Len() - 6), "cut off": file.Bytes()[:file.Len()-40], "only the header": []byte(collections.DumpHeader),
		"more at the end": append(bytes.Clone(file.Bytes()), file.Bytes()[len(collections.DumpHeader):]...),
	} {
		to := storetest.Memory()
		if _, err := Restore(t.Context(), bytes.NewReader(text), to, "new"); !errors.Is(err, collections.ErrBadDump) {
			t.Errorf("%s: error %v, want ErrBadDump", name, err)
		}
		if _, err := collections.Open(t.Context(), collections.Config{Store: to}); !errors.Is(err, collections.ErrHalfCopied) {
			t.Errorf("%s: what came of it is opened: %v", name, err)
		}
	}
}
