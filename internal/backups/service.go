package backups

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// Source is what is backed up; [collections.Engine] is one.
type Source interface {
	Backup(ctx context.Context, a collections.Actor, w io.Writer, progress func(done, total int64)) error
}

// Report is what a backup holds, found by reading all of it.
type Report struct {
	Epoch   string // of its history
	Records int    // in use and in the trash
	Entries int    // of the log
	Newest  int64  // when its last change was accepted, ms since 1970 UTC; 0: there is none
	Types   []Count
}

// Count is how many records of a type there are.
type Count struct {
	Type           string
	Records, Trash int
}

// Config is what a Service is made of. Folder, Source and Inspect are required.
type Config struct {
	Folder  string // made when it is needed
	Source  Source
	Inspect func(ctx context.Context, path string) (*Report, error) // an error says why the file is no sound backup
	Plan    func() (at string, keep int)                            // time of day, UTC, HH:MM, "" for none, and how many daily ones are kept
	Now     func() time.Time                                        // default time.Now
	Log     *slog.Logger                                            // default: discarded
	Every   time.Duration                                           // between looks at the plan; default a minute
}

// Kind says how a backup came about.
type Kind string

// The kinds of backups.
const (
	ByHand   Kind = "hand"
	Daily    Kind = "daily"
	Received Kind = "received" // brought by somebody
)

// Backup is one that is there.
type Backup struct {
	Name string // of its file
	Kind Kind
	Made int64 // ms since 1970 UTC
	Size int64 // bytes
}

// Progress is of the backup being made.
type Progress struct {
	Running     bool
	Done, Total int64  // in units of the store's own
	Fault       string // why the last one failed, "" if it did not
}

// Service keeps backups.
type Service struct {
	Config

	mu       sync.Mutex // guards progress
	progress Progress

	stop  func()
	work  sync.WaitGroup
	works context.Context
}

// Open makes a Service and begins to look at the plan.
func Open(ctx context.Context, c Config) (*Service, error) {
	if c.Folder == "" || c.Source == nil || c.Inspect == nil {
		return nil, errors.New("backups: the folder, what to back up and how to inspect it must be given")
	}
	if c.Plan == nil {
		c.Plan = func() (string, int) { return "", 0 }
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Every == 0 {
		c.Every = time.Minute
	}
	s := &Service{Config: c}
	s.works, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.work.Go(s.daily)
	return s, nil
}

// Close breaks off what is under way.
func (s *Service) Close() {
	s.stop()
	s.work.Wait()
}

// Progress tells how far the backup is that is being made.
func (s *Service) Progress() Progress {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.progress
}

// Start makes a backup in the background. Exists when one is being made.
func (s *Service) Start(a collections.Actor) error {
	if err := mayKeep(a); err != nil {
		return err
	}
	if !s.begin() {
		return collections.Errorf(collections.Exists, "", "A backup is being made already: it is listed when it is whole.")
	}
	s.work.Go(func() { s.end(s.make(s.works, a, ByHand)) })
	return nil
}

// begin claims the one backup that may be under way.
func (s *Service) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.progress.Running || s.works.Err() != nil {
		return false
	}
	s.progress = Progress{Running: true}
	return true
}

// end notes how it went.
func (s *Service) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.progress = Progress{}
	if err != nil && s.works.Err() == nil {
		s.progress.Fault = "The backup failed: look at the server's log, and whether its disk is full."
		s.Log.Error("a backup failed", "error", err)
	}
}

// make writes a backup beside its name, reads it again, and gives it its name.
func (s *Service) make(ctx context.Context, a collections.Actor, kind Kind) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("backups: panic: %v", p)
		}
	}()
	if err := os.MkdirAll(s.Folder, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(s.Folder, ".making-*.part")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	err = s.Source.Backup(ctx, a, file, s.tell)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if _, err := s.Inspect(ctx, file.Name()); err != nil {
		return err
	}
	_, err = s.place(file.Name(), kind)
	return err
}

// place gives a sound file the name of a backup, one that no other has.
func (s *Service) place(path string, kind Kind) (name string, err error) {
	for at := s.Now().UTC(); ; at = at.Add(time.Second) {
		name = fmt.Sprintf("fieldstack-%s-%s.db", at.Format(stampLayout), kind)
		if _, err := os.Lstat(filepath.Join(s.Folder, name)); errors.Is(err, os.ErrNotExist) {
			return name, os.Rename(path, filepath.Join(s.Folder, name))
		}
	}
}

func (s *Service) tell(done, total int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.progress.Done, s.progress.Total = done, total
}

const stampLayout = "20060102-150405"

var backupName = regexp.MustCompile(`^fieldstack-(\d{8}-\d{6})-(hand|daily|received)\.db$`)

// Newest gives the newest of the backups that were made here, by hand or daily, and how many
// there are of any kind; a zero Backup where there is none. It is for who watches the
// server: it says nothing of what is in them.
func (s *Service) Newest() (newest Backup, count int, err error) {
	list, err := s.list()
	for _, b := range list {
		if b.Kind != Received && b.Made > newest.Made {
			newest = b
		}
	}
	return newest, len(list), err
}

// List lists the backups, newest first. Owners only.
func (s *Service) List(a collections.Actor) ([]Backup, error) {
	if err := mayKeep(a); err != nil {
		return nil, err
	}
	return s.list()
}

func (s *Service) list() ([]Backup, error) {
	entries, err := os.ReadDir(s.Folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("backups: list: %w", err)
	}
	var list []Backup
	for _, entry := range entries {
		parts := backupName.FindStringSubmatch(entry.Name())
		if parts == nil || !entry.Type().IsRegular() {
			continue
		}
		made, err := time.Parse(stampLayout, parts[1])
		info, gone := entry.Info()
		if err != nil || gone != nil {
			continue
		}
		list = append(list, Backup{Name: entry.Name(), Kind: Kind(parts[2]), Made: made.UnixMilli(), Size: info.Size()})
	}
	slices.SortFunc(list, func(a, b Backup) int { return strings.Compare(b.Name, a.Name) })
	return list, nil
}

// path is where a backup is; NotFound for a name that none has.
func (s *Service) path(name string) (string, error) {
	path := filepath.Join(s.Folder, name)
	if !backupName.MatchString(name) {
		return "", noBackup()
	}
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return "", noBackup()
	}
	return path, nil
}

func noBackup() error {
	return collections.Errorf(collections.NotFound, "", "There is no such backup: it may have been removed.")
}

// Send writes a backup to w. Owners only.
func (s *Service) Send(ctx context.Context, a collections.Actor, name string, w io.Writer) error {
	if err := mayKeep(a); err != nil {
		return err
	}
	path, err := s.path(name)
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("backups: send: %w", err)
	}
	defer file.Close()
	_, err = io.Copy(w, file)
	return errors.Join(err, ctx.Err())
}

// Look reads all of a backup and says what is in it. Owners only.
func (s *Service) Look(ctx context.Context, a collections.Actor, name string) (*Backup, *Report, error) {
	list, err := s.List(a)
	if err != nil {
		return nil, nil, err
	}
	at := slices.IndexFunc(list, func(b Backup) bool { return b.Name == name })
	if at < 0 {
		return nil, nil, noBackup()
	}
	report, err := s.Inspect(ctx, filepath.Join(s.Folder, name))
	if err != nil {
		s.Log.Warn("a backup is not sound", "name", name, "error", err)
		return &list[at], nil, collections.Errorf(collections.Invalid, "", "This file is damaged or is no backup: choose another one.")
	}
	return &list[at], report, nil
}

// Remove removes a backup. Owners only.
func (s *Service) Remove(a collections.Actor, name string) error {
	if err := mayKeep(a); err != nil {
		return err
	}
	path, err := s.path(name)
	if err != nil {
		return err
	}
	if staged, _ := s.Staged(); staged != nil && staged.Name == name {
		return collections.Errorf(collections.Exists, "", "This backup is to be restored at the next start: take that back first.")
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("backups: remove: %w", err)
	}
	return nil
}

// mayKeep refuses everybody but owners with all of an owner's rights.
func mayKeep(a collections.Actor) error {
	if a.Role != collections.Owner || a.Scopes != nil {
		return collections.Errorf(collections.Forbidden, "", "Only an owner may make, take and restore backups: ask one.")
	}
	return nil
}
