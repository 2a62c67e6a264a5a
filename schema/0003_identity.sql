-- What makes a log readable and can be destroyed: keys, and who a pseudonym stands for. The log
-- itself holds neither.
SET LOCAL ROLE cathlog_owner;

-- One data key a case, wrapped by the master key. The first that is committed is the case's key.
CREATE TABLE identity.case_key (
  facility text COLLATE "C" NOT NULL,
  case_id uuid NOT NULL,
  key_id uuid NOT NULL,
  -- Which master key wraps it: the first eight bytes of that key's SHA-256.
  master_key bytea NOT NULL CHECK (octet_length(master_key) = 8),
  wrapped bytea NOT NULL,
  PRIMARY KEY (facility, case_id)
);

-- One key a facility, under which patients' identifiers are hashed.
CREATE TABLE identity.registry_key (
  facility text COLLATE "C" PRIMARY KEY,
  key_id uuid NOT NULL,
  master_key bytea NOT NULL CHECK (octet_length(master_key) = 8),
  wrapped bytea NOT NULL
);

CREATE TABLE identity.patient (
  facility text COLLATE "C" NOT NULL,
  -- HMAC-SHA-256 of the identifier.
  identifier_hash bytea NOT NULL CHECK (octet_length(identifier_hash) = 32),
  pseudonym uuid NOT NULL,
  PRIMARY KEY (facility, identifier_hash),
  UNIQUE (facility, pseudonym)
);

GRANT SELECT ON identity.case_key TO cathlog_service;
GRANT SELECT, INSERT ON identity.registry_key, identity.patient TO cathlog_service;
GRANT SELECT, INSERT ON identity.case_key TO cathlog_writer;
