// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Attestations of benchmark scores on capsule versions, in the form of the Ethereum Attestation Service (EAS).
/// @dev Structs, functions and the events `Attested` and `Revoked` have the ABI of EAS, for one schema. A client of EAS
///      reads them, and the same data can be attested at an EAS where the schema is registered without a resolver.
///      Errors have arguments, unlike those of EAS. Delegated and multiple attestations are left out.
interface IBenchmarkAttestations {
    /// @param recipient subject of the attestation; the SDK names the capsule registry
    /// @param expirationTime end of validity, or 0 for none
    /// @param revocable whether the attester can revoke it
    /// @param refUID an earlier attestation that this one refers to, or 0
    /// @param data ABI encoding of the schema's fields
    /// @param value must be 0
    struct AttestationRequestData {
        address recipient;
        uint64 expirationTime;
        bool revocable;
        bytes32 refUID;
        bytes data;
        uint256 value;
    }

    /// @param schema `SCHEMA_UID`
    struct AttestationRequest {
        bytes32 schema;
        AttestationRequestData data;
    }

    /// @param uid the attestation
    /// @param value must be 0
    struct RevocationRequestData {
        bytes32 uid;
        uint256 value;
    }

    /// @param schema `SCHEMA_UID`
    struct RevocationRequest {
        bytes32 schema;
        RevocationRequestData data;
    }

    /// @param time block time of the attestation
    /// @param revocationTime block time of the revocation, or 0
    /// @param attester the evaluator
    struct Attestation {
        bytes32 uid;
        bytes32 schema;
        uint64 time;
        uint64 expirationTime;
        uint64 revocationTime;
        bytes32 refUID;
        address recipient;
        address attester;
        bool revocable;
        bytes data;
    }

    struct SchemaRecord {
        bytes32 uid;
        address resolver;
        bool revocable;
        string schema;
    }

    error SchemaNonexistent(bytes32 schema);
    error AttestationValueNotZero(uint256 value);
    error AttestationExpirationPast(uint64 expirationTime);
    error AttestationNonexistent(bytes32 uid);
    error AttestationExists(bytes32 uid);
    error AttestationIrrevocable(bytes32 uid);
    error AttestationRevoked(bytes32 uid);
    error CallerNotAttester(bytes32 uid, address caller);
    error DatasetHashZero();
    error MetricLengthOutOfRange(uint256 length, uint256 maximum);
    error ScoreDecimalsTooMany(uint8 decimals, uint8 maximum);

    /// @notice An attestation was made, as EAS tells it.
    event Attested(
        address indexed recipient,
        address indexed attester,
        bytes32 uid,
        bytes32 indexed schemaUID
    );
    /// @notice An attestation was revoked, as EAS tells it.
    event Revoked(
        address indexed recipient,
        address indexed attester,
        bytes32 uid,
        bytes32 indexed schemaUID
    );
    /// @notice The attestation of the preceding `Attested`, to be found by capsule, version and dataset.
    event BenchmarkAttested(
        uint64 indexed capsuleId,
        uint32 indexed version,
        bytes32 indexed datasetHash,
        Attestation attestation
    );

    /// @notice Attests a score of a capsule's version. The caller is the evaluator.
    /// @dev - `schema` is `SCHEMA_UID`, or `SchemaNonexistent`
    ///      - `value` is 0, or `AttestationValueNotZero`
    ///      - the expiration is 0 or in the future, or `AttestationExpirationPast`
    ///      - `refUID` is 0 or an attestation, or `AttestationNonexistent`
    ///      - the data is the encoding of `SCHEMA`, or a revert without reason
    ///      - the version exists, or `VersionNonexistent`
    ///      - the dataset's hash is not zero, or `DatasetHashZero`
    ///      - the metric has 1 to 64 bytes, or `MetricLengthOutOfRange`
    ///      - the score has at most 18 decimals, or `ScoreDecimalsTooMany`
    ///      - the caller did not make the same attestation in this block, or `AttestationExists`
    /// @return uid id of the attestation, by the rule of EAS
    function attest(AttestationRequest calldata request) external returns (bytes32 uid);

    /// @notice Revokes an attestation of the caller, permanently. It stays readable.
    /// @dev - `schema` is `SCHEMA_UID`, or `SchemaNonexistent`
    ///      - `value` is 0, or `AttestationValueNotZero`
    ///      - the attestation exists, or `AttestationNonexistent`
    ///      - the caller is its attester, or `CallerNotAttester`
    ///      - it is revocable, or `AttestationIrrevocable`
    ///      - it was not revoked before, or `AttestationRevoked`
    function revoke(RevocationRequest calldata request) external;

    /// @notice An attestation, with zeros in all fields if there is none, as at EAS.
    function getAttestation(bytes32 uid) external view returns (Attestation memory);

    /// @notice Whether an attestation exists. As at EAS, revoked and expired ones do: see `isBenchmarkValid`.
    function isAttestationValid(bytes32 uid) external view returns (bool);

    /// @notice Whether an attestation exists and is neither revoked nor expired.
    function isBenchmarkValid(bytes32 uid) external view returns (bool);

    /// @notice The fields of an attestation's data: the score is `score` / 10^`decimals`.
    // solhint-disable-next-line func-name-mixedcase
    function SCHEMA() external view returns (string memory);

    /// @notice Id of the schema by the rule of EAS: keccak256 of schema, resolver (none) and revocable (true), packed.
    // solhint-disable-next-line func-name-mixedcase
    function SCHEMA_UID() external view returns (bytes32);

    /// @notice This contract: it also answers `getSchema`.
    function getSchemaRegistry() external view returns (address);

    /// @notice The schema, with zeros in all fields for another id, as at EAS.
    function getSchema(bytes32 uid) external view returns (SchemaRecord memory);
}
