// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";

import {Earner, Units} from "../libraries/Earner.sol";

/// @notice What exists, who made it and who earns from it: content capsules as ERC-721 tokens.
/// @dev Reading a capsule that does not exist reverts with `ERC721NonexistentToken(tokenId)` unless stated otherwise.
interface ICapsuleRegistry is IERC721Metadata {
    /// @notice What a capsule stands for.
    enum Kind {
        Data,
        Model,
        Code,
        Compute,
        Agent
    }

    /// @notice Who earns: 40, 30, 20 and 10 % of a payment, in this order.
    enum Role {
        Data,
        Model,
        Compute,
        Platform
    }

    /// @notice One earner of a capsule: an account, another capsule, or, if neither is named, the capsule's owner.
    /// @param role Data, Model or Compute; the platform's part has no rows
    /// @param units weight of this row within its role, above 0
    /// @param account the account that earns, or zero
    /// @param capsuleId the capsule that earns, or 0
    struct ShareRow {
        Role role;
        uint64 units;
        address account;
        uint64 capsuleId;
    }

    /// @notice Everything that a new capsule starts with.
    /// @param kind what the capsule stands for
    /// @param royaltyBps ERC-2981 royalty of the creator on sales of the token, basis points, at most 1,000
    /// @param contentHash SHA-256 of the first version's content
    /// @param uri where the first version's content or description is, at most 2,048 bytes
    /// @param did decentralized identifier of the creator, at most 512 bytes, may be empty
    /// @param shares who earns; a role without rows gets one of the owner
    struct Registration {
        Kind kind;
        uint16 royaltyBps;
        bytes32 contentHash;
        string uri;
        string did;
        ShareRow[] shares;
    }

    /// @notice The state of a capsule that changes.
    /// @param sharesBlob contract whose code holds the current share rows
    /// @param kind what the capsule stands for
    /// @param versions number of content versions, which count from 1
    /// @param sharesVersion current shares version, from 1
    struct Capsule {
        address sharesBlob;
        Kind kind;
        uint32 versions;
        uint32 sharesVersion;
    }

    error CallerNotCapsuleOwner(uint64 capsuleId, address caller);
    error ContentHashZero();
    error TextTooLong(uint256 length, uint256 maximum);
    error RoyaltyTooHigh(uint256 royaltyBps, uint256 maximum);
    error SharesTooMany(uint256 rows, uint256 maximum);
    error ShareRolePlatform(uint256 row);
    error ShareUnitsZero(uint256 row);
    error ShareBeneficiaryAmbiguous(uint256 row);
    error ShareBeneficiarySelf(uint256 row);
    error ShareBeneficiaryNonexistent(uint256 row, uint64 capsuleId);
    error EarnersNonexistent(uint64 capsuleId, uint32 sharesVersion, uint256 first, uint256 count);
    error SharesVersionNonexistent(uint64 capsuleId, uint32 sharesVersion);
    error VersionNonexistent(uint64 capsuleId, uint32 version);

    /// @notice A capsule began; its first version and shares follow as events of their own.
    event CapsuleRegistered(
        uint64 indexed capsuleId,
        address indexed owner,
        Kind indexed kind,
        address registrant,
        uint16 royaltyBps,
        string did
    );
    /// @notice A version was appended.
    event VersionPublished(
        uint64 indexed capsuleId,
        uint32 indexed version,
        bytes32 indexed contentHash,
        string uri
    );
    /// @notice A shares version with these rows began while `owner` owned the capsule.
    event SharesSet(
        uint64 indexed capsuleId,
        uint32 indexed sharesVersion,
        address indexed owner,
        ShareRow[] rows
    );
    /// @notice A transfer began a shares version with the rows of the one before, now under `owner`.
    event SharesCarriedOver(uint64 indexed capsuleId, uint32 indexed sharesVersion, address indexed owner);

    /// @notice Registers a capsule for `owner`, who becomes its creator and receives its token. Anyone may, so neither
    ///         creator nor DID proves who made the content; the event names the caller.
    /// @dev - royalty at most 10 %, or `RoyaltyTooHigh`
    ///      - `contentHash` is not zero, or `ContentHashZero`; texts within their limits, or `TextTooLong`
    ///      - rows as in `setShares`; `owner` is not zero, or `ERC721InvalidReceiver`
    /// @param owner receives the token; no callback is made
    /// @param registration what the capsule starts with
    /// @return capsuleId counts from 1
    function register(address owner, Registration calldata registration) external returns (uint64 capsuleId);

    /// @notice Appends a version. Earlier ones stay.
    /// @dev - the caller owns the capsule, or `CallerNotCapsuleOwner`
    ///      - `contentHash` is not zero, or `ContentHashZero`; `uri` at most 2,048 bytes, or `TextTooLong`
    /// @param capsuleId the capsule
    /// @param contentHash SHA-256 of the content
    /// @param uri where the content or its description is
    /// @return version number of the new version
    function publishVersion(
        uint64 capsuleId,
        bytes32 contentHash,
        string calldata uri
    ) external returns (uint32 version);

    /// @notice Starts a shares version with new rows. What accrued before stays with the version it accrued to.
    /// @dev - the caller owns the capsule, or `CallerNotCapsuleOwner`
    ///      - at most 500 rows, or `SharesTooMany`
    ///      - each row: role not Platform, units above 0, not both an account and a capsule, a capsule exists and is
    ///        another one: `ShareRolePlatform`, `ShareUnitsZero`, `ShareBeneficiaryAmbiguous`,
    ///        `ShareBeneficiarySelf`, `ShareBeneficiaryNonexistent`
    /// @param capsuleId the capsule
    /// @param rows who earns from now on; a role without rows gets one of the owner
    /// @return sharesVersion number of the new shares version
    function setShares(uint64 capsuleId, ShareRow[] calldata rows) external returns (uint32 sharesVersion);

    /// @notice The state of a capsule.
    function capsuleOf(uint64 capsuleId) external view returns (Capsule memory);

    /// @notice The newest capsule's id, which is also how many there are.
    function lastCapsuleId() external view returns (uint64);

    /// @notice Whom the capsule was registered for.
    /// @return account first owner, who receives the royalty
    /// @return did decentralized identifier claimed at registration
    function creatorOf(uint64 capsuleId) external view returns (address account, string memory did);

    /// @notice One version of the content; `VersionNonexistent` if there is none.
    function versionOf(
        uint64 capsuleId,
        uint32 version
    ) external view returns (bytes32 contentHash, string memory uri);

    /// @notice The shares version that revenue accrues to at this moment.
    function currentSharesVersion(uint64 capsuleId) external view returns (uint32);

    /// @notice All rows of a shares version, those of the owner for roles without any last.
    /// @dev `SharesVersionNonexistent` if there is none.
    function sharesOf(uint64 capsuleId, uint32 sharesVersion) external view returns (ShareRow[] memory);

    /// @notice The account that owned the capsule when the version ended, or owns it if it has not.
    function sharesOwnerOf(uint64 capsuleId, uint32 sharesVersion) external view returns (address);

    /// @notice Who earns by a shares version, at a cost that does not depend on its number of rows.
    /// @dev Earner 0 is the platform, whose account the router knows; 1 is the first share row.
    ///      - the version exists, or `SharesVersionNonexistent`
    ///      - all earners asked for exist, or `EarnersNonexistent`
    /// @param capsuleId the capsule
    /// @param sharesVersion the shares version
    /// @param first number of the first earner to return
    /// @param count how many to return
    /// @return earners who they are; the owner's rows name the owner of this version
    /// @return units sum of the rows' units per role; the platform's is 1
    function earnersOf(
        uint64 capsuleId,
        uint32 sharesVersion,
        uint256 first,
        uint256 count
    ) external view returns (Earner[] memory earners, Units units);
}
