package mongo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
)

// call makes one call of the database, with a deadline of its own besides the caller's.
func (s *Store) call(ctx context.Context, what string, do func(ctx context.Context) error) error {
	return s.callFor(ctx, s.timeout, what, do)
}

// listTimeout is how long a list may take, which may have to look at all there is.
func (s *Store) listTimeout() time.Duration { return 4 * s.timeout }

func (s *Store) callFor(ctx context.Context, timeout time.Duration, what string, do func(ctx context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	run := func() error { return do(within) }
	var err error
	if s.fault != nil {
		err = s.fault(what, run)
	} else {
		err = run()
	}
	if err == nil || errors.Is(err, driver.ErrNoDocuments) {
		return err
	}
	return fmt.Errorf("mongo: %s: %w", what, err)
}

// repeat makes a call again while its outcome is unknown, inside a bound. do says by
// itself what was there already, so that doing it again is safe.
func (s *Store) repeat(ctx context.Context, do func() error) error {
	deadline := time.Now().Add(s.patience)
	for wait := 20 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		err := do()
		if err == nil || !unknown(err) || ctx.Err() != nil || time.Now().Add(wait).After(deadline) {
			return err
		}
		if err := pause(ctx, wait); err != nil {
			return err
		}
	}
}

// look is a call that changes nothing, made again where no answer comes.
func (s *Store) look(ctx context.Context, what string, do func(ctx context.Context) error) error {
	return s.repeat(ctx, func() error { return s.call(ctx, what, do) })
}

// pause waits, or ends with ctx.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// steppingDown are the codes of a server that is about to be, or no longer is, who writes:
// what was asked of it was done or was not.
var steppingDown = []int{6, 7, 46, 64, 89, 91, 112, 134, 189, 262, 9001, 10058, 10107, 11600, 11601, 11602, 13435, 13436}

// unknown reports whether an error leaves open if what was asked was done: the answer
// did not come, or it says that the majority has it not yet.
func unknown(err error) bool {
	if err == nil {
		return false
	}
	if driver.IsNetworkError(err) || driver.IsTimeout(err) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	var server driver.ServerError
	if !errors.As(err, &server) {
		return false
	}
	for _, code := range steppingDown {
		if server.HasErrorCode(code) {
			return true
		}
	}
	return server.HasErrorLabel("RetryableWriteError") || concernFailed(err)
}

// concernFailed reports whether a write was done by one server, and the majority is not
// known to have it.
func concernFailed(err error) bool {
	var one driver.WriteException
	var many driver.BulkWriteException
	return errors.As(err, &one) && one.WriteConcernError != nil || errors.As(err, &many) && many.WriteConcernError != nil
}

// onlyDuplicates reports whether all that went wrong in a bulk write is that what it
// inserts was there.
func onlyDuplicates(err error) bool {
	var many driver.BulkWriteException
	if !errors.As(err, &many) || many.WriteConcernError != nil || len(many.WriteErrors) == 0 {
		return false
	}
	for _, e := range many.WriteErrors {
		if !driver.IsDuplicateKeyError(e.WriteError) {
			return false
		}
	}
	return true
}

// confirm makes sure that the majority has a document as filter says it is, of which only
// one server is known to have it: a write that changes nothing (of the last field of the
// filter) is acknowledged after all that came before it.
func (s *Store) confirm(ctx context.Context, collection string, filter bson.D) error {
	return s.repeat(ctx, func() error {
		return s.call(ctx, "confirming a write", func(ctx context.Context) error {
			same := filter[len(filter)-1:]
			result, err := s.here.Collection(collection).UpdateOne(ctx, filter, bson.D{{Key: "$set", Value: same}})
			if err == nil && result.MatchedCount == 0 {
				return errors.New("what was written is not there any more")
			}
			return err
		})
	})
}
