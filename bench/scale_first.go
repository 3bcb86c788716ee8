package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"net/url"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// firstPage is how many documents a device asks for at once in a first sync.
const firstPage = 5_000

// scaleFirst measures how a new device gets all documents: as pages of a whole sync,
// compressed, one after the other as clients take them; and, with the connection cut at
// random places, what is sent again.
func scaleFirst(ctx context.Context, s *scale, r *report) error {
	f, err := openFolder(s.firsts())
	if err != nil {
		return err
	}
	p, err := f.serve(ctx, s.program)
	if err != nil {
		return err
	}
	err = firstFieldstack(ctx, s, p, f.Owner, r)
	p.stop()
	if err != nil || s.peer == "" {
		return err
	}
	return s.firstPocketBase(ctx, r)
}

func firstFieldstack(ctx context.Context, s *scale, p *process, token string, r *report) error {
	work := "first-sync-" + sizeName(s.first)
	forgetPeak(p)
	for _, encoding := range []string{"gzip", "identity", "zstd"} {
		l := &loader{url: p.url, token: token, encoding: encoding, client: &http.Client{Transport: &http.Transport{DisableCompression: true}}}
		if err := l.page(ctx); err != nil { // a first one warms up
			return err
		}
		l.reset()
		start := time.Now()
		for l.more {
			if err := l.page(ctx); err != nil {
				return err
			}
		}
		took := time.Since(start)
		if l.documents < s.first {
			return fmt.Errorf("a first sync brought %d documents of %d", l.documents, s.first)
		}
		if encoding != l.got {
			r.note("Asked for %s, the server answered with %s.", encoding, l.got)
			continue
		}
		if encoding != "gzip" {
			encoding = ", " + encoding
		} else {
			encoding = ""
		}
		r.add(work, "fieldstack", "rate"+encoding, float64(l.documents)/took.Seconds(), "docs/s")
		r.add(work, "fieldstack", "on the wire"+encoding, float64(l.wire)/float64(l.documents), "B/doc")
	}
	r.add(work, "fieldstack", "memory, peak", peak(p), "MiB")
	return firstCut(ctx, p, token, s.first, work, r)
}

// firstCut takes a first sync over a line that breaks in the middle of every third page.
func firstCut(ctx context.Context, p *process, token string, want int, work string, r *report) error {
	dice := rand.New(rand.NewSource(1))
	l := &loader{url: p.url, token: token, encoding: "gzip", ids: map[string]int{}}
	l.reset()
	var cuts int
	for l.more {
		l.client = &http.Client{Transport: &http.Transport{DisableCompression: true}}
		l.cut = 0
		if dice.Intn(3) == 0 {
			l.cut = 1 + dice.Int63n(400_000)
		}
		if err := l.page(ctx); errors.Is(err, errCut) {
			cuts++
		} else if err != nil {
			return err
		}
		l.client.CloseIdleConnections()
	}
	if len(l.ids) < want || l.documents != len(l.ids) {
		return fmt.Errorf("a first sync that was cut %d times brought %d documents of %d, %d of them twice", cuts, len(l.ids), want, l.documents-len(l.ids))
	}
	r.add(work, "fieldstack", "times cut", float64(cuts), "cuts")
	r.add(work, "fieldstack", "documents sent again after pages that had arrived", float64(l.documents-len(l.ids)), "docs")
	r.add(work, "fieldstack", "wasted by a cut", float64(l.wasted)/float64(max(1, cuts))/1024, "KiB")
	return nil
}

var errCut = errors.New("the connection was cut")

// loader is a new device that gets everything.
type loader struct {
	url, token, encoding string
	client               *http.Client
	cut                  int64          // the connection breaks after so many bytes of an answer; 0: it does not
	ids                  map[string]int // how often each document came; nil: not looked at

	cursor    string
	more      bool
	documents int
	wire      int64 // bytes of answers' bodies as they came
	wasted    int64 // … of answers that were cut
	got       string
}

func (l *loader) reset() {
	l.cursor, l.more, l.documents, l.wire, l.wasted = "", true, 0, 0, 0
}

// page gets the next page. One that is cut leaves everything as it was, and is asked for
// again.
func (l *loader) page(ctx context.Context) error {
	body, err := json.Marshal(map[string]any{"replica": "00000000000000aa", "cursor": l.cursor, "changes": []any{}, "limit": firstPage, "subscribe": workOrdersOnly})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.url+"/api/_sync", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + l.token}, "Accept-Encoding": {l.encoding}}
	return l.take(req)
}

// take sends a request and takes in the page that is the answer.
func (l *loader) take(req *http.Request) error {
	resp, err := l.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	counted := &countedReader{r: resp.Body, cut: l.cut}
	text, err := readEncoded(counted, resp.Header.Get("Content-Encoding"))
	if errors.Is(err, errCut) {
		l.wasted += counted.n
		return errCut
	}
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("sync: %s: %.300s", resp.Status, text)
	}
	switch got := resp.Header.Get("Content-Encoding"); {
	case got != "":
		l.got = got
	case l.got == "": // a small page, as the last one may be, is sent as it is
		l.got = "identity"
	}
	l.wire += counted.n
	return l.read(text)
}

// read takes what a page says of itself from its head: reading all of it would take as
// long here as it took the server to write it.
func (l *loader) read(text []byte) error {
	head, documents, ok := bytes.Cut(text, []byte(`,"changes":[`))
	if !ok {
		return fmt.Errorf("not an answer: %.100s", text)
	}
	var page struct {
		Cursor string
		More   bool
	}
	if err := json.Unmarshal(append(head, '}'), &page); err != nil {
		return err
	}
	l.cursor, l.more = page.Cursor, page.More
	l.documents += bytes.Count(documents, []byte(`{"type":"`+docsType+`","id":"`))
	if l.ids == nil {
		return nil
	}
	var all struct{ Documents []struct{ ID string } }
	if err := json.Unmarshal(append([]byte(`{"changes":[`), documents...), &all); err != nil {
		return err
	}
	for _, d := range all.Documents {
		l.ids[d.ID]++
	}
	return nil
}

// countedReader counts bytes, and breaks after some.
type countedReader struct {
	r      io.Reader
	n, cut int64
}

func (c *countedReader) Read(p []byte) (int, error) {
	if c.cut > 0 && c.n >= c.cut {
		return 0, errCut
	}
	if c.cut > 0 {
		p = p[:min(int64(len(p)), c.cut-c.n)]
	}
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func readEncoded(r io.Reader, encoding string) ([]byte, error) {
	switch encoding {
	case "gzip":
		plain, err := gzip.NewReader(r)
		if err != nil {
			return nil, err
		}
		return io.ReadAll(plain)
	case "zstd":
		plain, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		defer plain.Close()
		return io.ReadAll(plain)
	}
	return io.ReadAll(r)
}

// firstPocketBase reads all records as the peer can: pages of a list by id.
func (s *scale) firstPocketBase(ctx context.Context, r *report) error {
	p, err := s.servePeer(ctx, s.peerEnv())
	if err != nil {
		return err
	}
	defer p.stop()
	work := "first-sync-" + sizeName(s.first)
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	var wire int64
	last, got, start := "", 0, time.Now()
	for got < s.first {
		path := peerRecords + "?perPage=1000&skipTotal=1&sort=id&filter=" + url.QueryEscape(`id>"`+last+`"`)
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+path, nil)
		if err != nil {
			return err
		}
		req.Header.Set("Accept-Encoding", "gzip")
		text, n, err := encodedAnswer(client, req)
		if err != nil {
			return err
		}
		var page struct{ Items []struct{ ID string } }
		if err := json.Unmarshal(text, &page); err != nil {
			return err
		}
		if len(page.Items) == 0 {
			return fmt.Errorf("the peer has only %d records", got)
		}
		wire, got, last = wire+n, got+len(page.Items), page.Items[len(page.Items)-1].ID
	}
	r.add(work, "pocketbase", "rate", float64(got)/time.Since(start).Seconds(), "docs/s")
	r.add(work, "pocketbase", "on the wire", float64(wire)/float64(got), "B/doc")
	r.note("PocketBase's part is all records as pages of 1,000 of a list, by id, which is as near as it comes: without merge data, and its API compresses nothing.")
	return nil
}

func encodedAnswer(client *http.Client, req *http.Request) (text []byte, wire int64, err error) {
	resp, err := client.Do(req)
	if err != nil {
		return nil, 0, err
	}
	defer resp.Body.Close()
	counted := &countedReader{r: resp.Body}
	text, err = readEncoded(counted, resp.Header.Get("Content-Encoding"))
	if err == nil && resp.StatusCode >= 300 {
		err = fmt.Errorf("%s: %s: %.300s", req.URL, resp.Status, text)
	}
	return text, counted.n, err
}
