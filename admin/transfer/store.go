package transfer

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// The bounds of what is kept.
const (
	fileLife  = time.Hour
	filesEach = 5 // of one account
	filesOnce = 8 // files of the largest size that there is room for
)

// store keeps uploaded files, each for the account that sent it. Safe for concurrent use.
type store struct {
	now    func() time.Time
	folder string // of its own, made anew
	most   int64  // bytes of one file
	busy   func(*file) bool

	mu     sync.Mutex // guards all below
	random io.Reader
	files  map[string]*file
}

// newStore gives an empty store in a folder, from which it takes away what a server
// before it left there.
func newStore(c Files, now func() time.Time, busy func(*file) bool) (*store, error) {
	if err := os.RemoveAll(c.Folder); err != nil {
		return nil, fmt.Errorf("transfer: empty the folder of uploaded files: %w", err)
	}
	return &store{now: now, folder: c.Folder, most: c.Most, busy: busy, random: c.Random, files: map[string]*file{}}, nil
}

// receive has a file written by write, and gives it where it is whole.
func (s *store) receive(write func(io.Writer) error) (path string, size int64, err error) {
	if err := os.MkdirAll(s.folder, 0o700); err != nil {
		return "", 0, fmt.Errorf("transfer: make the folder of uploaded files: %w", err)
	}
	to, err := os.CreateTemp(s.folder, "upload-*")
	if err != nil {
		return "", 0, fmt.Errorf("transfer: keep an uploaded file: %w", err)
	}
	path = to.Name()
	err = write(to)
	info, gone := to.Stat()
	if err = cmp.Or(err, gone, to.Close()); err != nil {
		_ = os.Remove(path)
		return "", 0, err
	}
	return path, info.Size(), nil
}

// add keeps a file and gives it an id. Of an account's files the one that was not looked
// at for longest makes room, if it is at rest. A file that is not kept is removed.
func (s *store) add(f *file) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	if err := s.makeRoom(f); err != nil {
		return err
	}
	var id [16]byte
	if _, err := io.ReadFull(s.random, id[:]); err != nil {
		return err
	}
	f.id, f.touched = hex.EncodeToString(id[:]), s.now()
	s.files[f.id] = f
	return nil
}

func (s *store) makeRoom(f *file) error {
	size, room := f.size, filesOnce*s.most
	var own []*file
	for _, other := range s.files {
		size += other.size
		if other.account == f.account {
			own = append(own, other)
		}
	}
	slices.SortFunc(own, func(a, b *file) int { return a.touched.Compare(b.touched) })
	for _, other := range slices.Clone(own) {
		if len(own) < filesEach && size <= room {
			break
		}
		if !s.busy(other) {
			s.remove(other)
			size -= other.size
			own = slices.DeleteFunc(own, func(o *file) bool { return o == other })
		}
	}
	switch {
	case len(own) >= filesEach:
		return collections.Errorf(collections.TooMany, "file", "%d imports of yours are under way: wait for one of them, or cancel it.", len(own))
	case size > room:
		return collections.Errorf(collections.Unavailable, "file", "The server holds as many files as it can just now: try again in a while.")
	}
	return nil
}

func (s *store) remove(f *file) {
	delete(s.files, f.id)
	_ = os.Remove(f.path)
}

// sweep lets go of what nobody looked at for long.
func (s *store) sweep() {
	for _, f := range s.files {
		if s.now().Sub(f.touched) > fileLife && !s.busy(f) {
			s.remove(f)
		}
	}
}

// find gives a file of an account, and NotFound for any other. typ "" is any.
func (s *store) find(account, typ, id string) (*file, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	f := s.files[id]
	if f == nil || f.account != account || typ != "" && f.typ != typ {
		return nil, collections.Errorf(collections.NotFound, "", "This file is not known any more: files are kept for an hour, and not over a restart of the server. Choose the file again. Where several servers work together, it is known to the one alone that it was sent to: the proxy before them is to keep a browser at one server.")
	}
	f.touched = s.now()
	return f, nil
}

// of lists an account's files of a type, the latest first.
func (s *store) of(account, typ string) (list []*file) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	for _, f := range s.files {
		if f.account == account && f.typ == typ {
			list = append(list, f)
		}
	}
	slices.SortFunc(list, func(a, b *file) int { return b.began.Compare(a.began) })
	return list
}

func (s *store) drop(f *file) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(f)
}
