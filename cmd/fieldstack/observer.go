package main

import (
	"context"
	"strconv"
	"sync/atomic"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/internal/activity"
	"github.com/fieldstack/fieldstack/internal/auth"
)

// observer passes on what the engine tells: numbers to who counts, deeds to the trail.
type observer struct {
	counter  *activity.Counter
	accounts atomic.Pointer[auth.Service] // nil while the server starts
}

// Answered implements [collections.Observer].
func (o *observer) Answered(round collections.Stats) {
	o.counter.Add(activity.Counts{
		Accepted: round.Accepted, Refused: round.Refused, Merged: round.Merged, Conflicts: round.Conflicts,
	})
}

// Synced implements [collections.Observer].
func (o *observer) Synced(_ collections.Actor, device crdt.Replica) { o.counter.Synced(uint64(device)) }

// Designed implements [collections.Observer].
func (o *observer) Designed(a collections.Actor, d collections.Designed) {
	accounts := o.accounts.Load()
	if accounts == nil {
		return
	}
	line := auth.AuditEntry{Area: auth.AreaTypes, Did: d.Did, About: d.Type}
	switch d.Did {
	case collections.DidRules:
		line.Area = auth.AreaRules
	case collections.DidPublish:
		line.Did, line.Detail = "published a version", strconv.Itoa(d.Version)
	}
	accounts.Note(context.Background(), a, line)
}
