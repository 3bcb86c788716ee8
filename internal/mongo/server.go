package mongo

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/bson"
)

// ServerKind is what kind of a server a database is on.
type ServerKind string

// The kinds of servers.
const (
	Standalone ServerKind = "standalone"  // one mongod
	ReplicaSet ServerKind = "replica set" // copies that elect who writes
	Sharded    ServerKind = "sharded"     // mongos before several replica sets
	Compatible ServerKind = "compatible"  // another program that speaks the protocol
)

// Server is what a server says it is.
type Server struct {
	Kind    ServerKind
	Name    string // MongoDB, FerretDB
	Version string
	SetName string // of a replica set

	MaxDocument int // bytes of one BSON document
}

// Replicated reports whether a majority of several holds what is written.
func (s Server) Replicated() bool { return s.Kind == ReplicaSet || s.Kind == Sharded }

func (s Server) String() string { return fmt.Sprintf("%s %s, %s", s.Name, s.Version, s.Kind) }

// Safety says in one sentence what the kind of server means for what is kept.
func (s Server) Safety() string {
	switch s.Kind {
	case ReplicaSet:
		return "Writes are acknowledged when a majority of the replica set has them in its journal: nothing acknowledged is lost while a majority of the disks lives."
	case Sharded:
		return "Writes are acknowledged when a majority of their shard has them in its journal: nothing acknowledged is lost while a majority of each shard's disks lives."
	case Standalone:
		return "This is one server without copies: what it acknowledged survives a crash, as it is in its journal, but not the loss of its disk; and it cannot wake other servers, which look now and then instead. A replica set is what to run."
	}
	return "This is not MongoDB but a server compatible with it: how it keeps what it acknowledged is for its makers to say, and it cannot wake other servers. FerretDB 1 reads a document before it writes it without holding it, so that two writers of one document can both believe they were first: it is for trying out, with one server."
}

// Server is what the database is on.
func (s *Store) Server() Server { return s.server }

// ask finds out what the server is.
func (s *Store) ask(ctx context.Context) (Server, error) {
	var hello struct {
		Msg     string `bson:"msg"`
		SetName string `bson:"setName"`
		Max     int    `bson:"maxBsonObjectSize"`
	}
	var build struct {
		Version  string `bson:"version"`
		FerretDB any    `bson:"ferretdbVersion"`
		Ferret   any    `bson:"ferretdb"`
	}
	err := s.call(ctx, "asking what the server is", func(ctx context.Context) error {
		admin := s.client.Database("admin")
		if err := admin.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
			return err
		}
		return admin.RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Decode(&build)
	})
	found := Server{Kind: Standalone, Name: "MongoDB", Version: build.Version, SetName: hello.SetName, MaxDocument: hello.Max}
	switch {
	case build.FerretDB != nil || build.Ferret != nil:
		found.Kind, found.Name = Compatible, "FerretDB"
		if version, ok := build.FerretDB.(string); ok {
			found.Version = version
		}
	case hello.Msg == "isdbgrid":
		found.Kind = Sharded
	case hello.SetName != "":
		found.Kind = ReplicaSet
	}
	if found.MaxDocument == 0 {
		found.MaxDocument = 16 << 20
	}
	return found, err
}
