/** Which process uses which model version, kept through a crash of the server and a failover to a replica. */
export const modelVersionUses = `
CREATE TABLE model_version_uses (
  model_version_id integer NOT NULL REFERENCES model_versions (id),
  instance         text NOT NULL,
  expires_at       timestamptz NOT NULL,
  PRIMARY KEY (model_version_id, instance)
);
`;
